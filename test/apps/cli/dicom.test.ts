import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ctImage, part10, withElements } from "../../imaging/formats/dicom/elements.ts";
import { ctSlice } from "../../imaging/formats/dicom/writer.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "dicom-info-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => here("dicom", "info", ...args);

const study = join(folder, "study");
const slices = [0, 1, 2, 3].map((k) =>
  ctSlice({
    rows: 4,
    columns: 5,
    position: [0, 0, 2.5 * k],
    values: new Int16Array(20).fill(1024 + k),
    instance: k + 1,
    rescale: [1, -1024],
  }),
);

test("a folder's series, volumes, HU and faults", async () => {
  mkdirSync(join(study, "deep"), { recursive: true });
  slices.forEach((bytes, k) => {
    writeFileSync(join(study, k % 2 ? "deep" : ".", `IM${9 - k}`), bytes);
  });
  writeFileSync(join(study, "cut.dcm"), slices[0].subarray(0, slices[0].length - 4));
  writeFileSync(join(study, "notes.txt"), "not an image");
  const { status, stdout } = await run(study, "--pixels", "--json");
  expect(status).toBe(0);
  const { files, series } = JSON.parse(stdout);
  expect(files).toHaveLength(6);
  const error = (name: string) => files.find(({ path }: { path: string }) => path.endsWith(name)).error;
  expect(error("cut.dcm").code).toBe("E_FILE_TRUNCATED");
  expect(error("notes.txt").code).toBe("E_FORMAT");
  expect(files.find(({ path }: { path: string }) => path.endsWith("IM7")).pixels).toMatchObject({
    min: 2,
    max: 2,
    mean: 2,
  });
  expect(series).toHaveLength(1);
  expect(series[0].pixels).toMatchObject({ min: 0, max: 3, mean: 1.5, count: 80 });

  const text = (await run(study)).stdout;
  expect(text).toContain("1 files are not DICOM");
});

test("what was repaired is said of files, of volumes, and of files that make none; what is refused names tag and value", async () => {
  const odd = join(folder, "odd");
  mkdirSync(odd);
  const image = (n: number, slope: string) =>
    part10(withElements(ctImage(n), { "00281053": ["DS", slope], "00080020": ["DA", "20210231"] }));
  for (const n of [0, 1]) writeFileSync(join(odd, `${n}`), image(n, "1,0"));
  writeFileSync(join(odd, "2"), image(2, "1.0.0"));
  const slope = 'Rescale Slope (0028,1053) is no number: "1.0.0"';
  const text = (await run(odd)).stdout;
  expect(text).toContain("2 slices are no volume");
  expect(text).toContain("commas in Rescale Slope (0028,1053) read as decimal points");
  expect(text).toContain("Study Date (0008,0020) is no date: left out");
  expect(text).toContain(slope);
  const { files } = JSON.parse((await run(odd, "--json")).stdout);
  expect(files[0].remarks).toHaveLength(2);
  expect(files[2].error).toMatchObject({ code: "E_VALUE", message: expect.stringContaining(slope) });

  writeFileSync(join(odd, "2"), image(2, "1,0"));
  const { series } = JSON.parse((await run(odd, "--json")).stdout);
  expect(series[0].volumes[0].remarks).toEqual([
    "Study Date (0008,0020) is no date: left out",
    "commas in Rescale Slope (0028,1053) read as decimal points",
  ]);
});

test("a slice that fits into no volume is set aside with its reason, in its series and by its file", async () => {
  const odd = join(folder, "stray");
  mkdirSync(odd);
  const base = { rows: 4, columns: 5, values: new Int16Array(20) };
  for (const k of [0, 1, 2, 3, 4, 6])
    writeFileSync(join(odd, `IM${k}`), ctSlice({ ...base, position: [0, 0, 5 * k], instance: k + 1 }));
  const stray = {
    rows: 5,
    columns: 5,
    values: new Int16Array(25),
    position: [0, 0, 7] as const,
    instance: 9,
  };
  writeFileSync(join(odd, "IM9"), ctSlice(stray));
  const reason = "another size than the series' other slices: 5 × 5, not 5 × 4";
  const { files, series } = JSON.parse((await run(odd, "--json")).stdout);
  expect(files.filter(({ setAside }: { setAside: string }) => setAside)).toMatchObject([
    { path: join(odd, "IM9"), setAside: reason },
  ]);
  expect(series[0].setAside).toEqual([{ reason, files: 1, slices: 1 }]);
  expect(series[0].volumes).toMatchObject([{ slices: 6, size: [5, 4, 7] }]);
  const text = (await run(odd)).stdout;
  expect(text).toContain(`1 set aside: ${reason}`);
  expect(text).toContain("slices missing between z 20.00 mm and z 30.00 mm");
});

test("nothing readable is a failure; a path that is not there too; a wrong option is usage", async () => {
  const text = join(folder, "a.txt");
  writeFileSync(text, "nothing");
  for (const [args, status, code] of [
    [[text], 1, "E_FORMAT"],
    [[join(folder, "missing")], 1, "E_FILE_MISSING"],
    [[study, "--pixel"], 2, "E_USAGE"],
  ] as const) {
    const result = await run(...args);
    expect(result.status).toBe(status);
    expect(result.stderr).toMatch(new RegExp(`^${code}: `, "m"));
  }
});

test("--out writes what --json prints, and nothing over what is there", async () => {
  const out = join(folder, "info.json");
  const { status, stdout } = await run(study, "--json", "--out", out);
  expect(status).toBe(0);
  expect(readFileSync(out, "utf8")).toBe(stdout);
  const again = await run(study, "--out", out);
  expect([again.status, again.stderr.startsWith("E_FILE_EXISTS: ")]).toEqual([1, true]);
});
