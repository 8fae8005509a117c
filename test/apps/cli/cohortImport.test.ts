import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { register } from "../../../src/apps/cli/cohort/cohortImport.ts";
import { readNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { parseCohort } from "../../../src/patients/cohort/csv.ts";
import { ct, kidneys } from "../../patients/cohort/bodies.ts";
import { writeStudy } from "../../patients/import/hospital.ts";
import { textCell, workbook } from "../../patients/import/workbook.ts";
import { inProcess } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-cohort-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...path: string[]) => join(folder, ...path);

const run = (...args: string[]) => inProcess(register, "import", ...args);

/** The mapping that docs/import.md shows. */
const docs = readFileSync(new URL("../../../docs/import.md", import.meta.url), "utf8");
const [, example] = /```json\n(\{\n {2}"sheet"[\s\S]*?)```/.exec(docs)!;

const mask = kidneys(30);

beforeAll(() => {
  const series = {
    "Nieren arteriell 30s": ct(mask, 220, 110, 10),
    "Nieren venös 90s Muster": ct(mask, 180, 175, 10),
    "Nieren Spätphase 8 min": ct(mask, 150, 145, 500),
  };
  const erika = { id: "007", name: "Muster^Erika", sex: "F", birthDate: "19510203" };
  writeStudy(at("pacs"), { ...erika, date: "20210304", series, mask });
  const { "Nieren venös 90s Muster": venous } = series;
  writeStudy(at("pacs"), {
    id: "008",
    name: "Ohne^Maske",
    date: "20210305",
    series: { "venös 90s": venous },
  });
  const header = [
    "PatNr",
    "Klinik",
    "Geb.",
    "m/w",
    "Histo",
    "pT",
    "N",
    "M",
    "OP am",
    "RENAL",
    "cm",
    "Nekrose",
  ];
  const row = (line: number, values: readonly string[]) =>
    values.map((text, n) => textCell(`${String.fromCharCode(65 + n)}${line}`, text)).join("");
  writeFileSync(
    at("table.xlsx"),
    workbook({
      Notizen: [textCell("A1", "nichts")],
      Patienten: [
        row(1, header),
        row(2, [
          "007",
          "Universitätsklinik",
          "03.02.1951",
          "w",
          "Klarzeller",
          "3a",
          "0",
          "0",
          "05/04/2021",
          "10p",
          "3,1",
          "ja",
        ]),
        row(3, ["008", "Kreiskrankenhaus", "", "m", "RCC", "1b", "", "", "", "", "", ""]),
        row(4, ["009", "Kreiskrankenhaus", "", "m", "Onkozytom", "", "", "", "", "", "", ""]),
      ],
    }),
  );
  writeFileSync(at("mapping.json"), example);
});

describe("a workbook with the mapping of docs/import.md", () => {
  const common = () => [at("pacs"), "--table", at("table.xlsx"), "--mapping", at("mapping.json")];
  let stdout = "";
  beforeAll(async () => {
    ({ stdout } = await run(...common(), "--out", at("cohort")));
  });

  test("phases are recognised, the mask is taken from the study, labels from the table", async () => {
    const { cases, faults } = parseCohort(readFileSync(at("cohort", "cohort.csv")), "cohort.csv");
    expect(faults).toEqual([]);
    expect(cases).toHaveLength(1);
    const [{ images, mask: drawn, case: _, patient: __, ...labels }] = cases;
    expect(labels).toEqual({
      center: "A",
      age: 70,
      sex: "female",
      histology: "clear_cell",
      stage: "III",
      complexity: "high",
      renal: 10,
      sizeMm: 31,
      necrosis: true,
      source: "real",
    });
    expect(Object.keys(images)).toEqual(["corticomedullary", "nephrographic", "excretory"]);
    const written = await readNifti(at("cohort", drawn!));
    expect([...new Set(written.data)].sort()).toEqual([0, 1, 2]);
    expect(written.data.filter((label) => label === 2)).toHaveLength(mask.data.filter((l) => l === 2).length);
  });

  test("the summary says what was left out and what to look at", () => {
    expect(stdout).toMatch(/^1 cases? in .*cohort\.csv$/m);
    expect(stdout).toContain('patient from "PatNr"');
    expect(stdout).toContain("Rows of the clinical table: 3 → 2\n  − 1 benign tumour");
    expect(stdout).toMatch(/line 3, p[0-9a-f]{12}: .*no mask/);
    expect(stdout).toMatch(/line 3, column Histo: "RCC" is not understood/);
    expect(stdout).not.toMatch(/Muster|Erika/);
    expect(readFileSync(at("cohort", "left-out.csv"), "utf8")).toMatch(
      /^line,patient,reason,detail\n4,,benign tumour/,
    );
  });

  test("the identities lie beside the cohort, not in it", () => {
    expect(readFileSync(at("cohort.identities.csv"), "utf8")).toMatch(/\np[0-9a-f]{12},007,2\.25\.\d+,2\n$/);
    expect(existsSync(at("cohort.key"))).toBe(true);
  });

  test("again: refused without --force; with it, images read before are kept", async () => {
    await expect(run(...common(), "--out", at("cohort"))).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
    const { stdout: json, stderr } = await run(...common(), "--out", at("cohort"), "--force", "--json");
    const { cases, reused, leftOut, notUnderstood, columns } = JSON.parse(json);
    expect([cases, reused, leftOut.length, notUnderstood.length]).toEqual([1, 1, 2, 1]);
    expect(columns.size_cm).toBe("cm");
    expect(stderr).toContain("importing cases: 2/2");
  });
});

test("wrong usage", async () => {
  const usage = { code: "E_USAGE" };
  await expect(run("--out", at("x"))).rejects.toMatchObject(usage);
  await expect(run(at("pacs"), "--kits", at("pacs"), "--out", at("x"))).rejects.toMatchObject(usage);
  await expect(run(at("pacs"), "--out", at("x"), "--strict")).rejects.toMatchObject(usage);
  await expect(run(at("pacs"), "--out", at("x"), "--mapping", at("mapping.json"))).rejects.toMatchObject(
    usage,
  );
  await expect(run("--kits", at("pacs"), "--out", at("x"), "--keep-names")).rejects.toMatchObject(usage);
  // No centre.
  await expect(run(at("pacs"), "--out", at("x"))).rejects.toMatchObject(usage);
});

test("a folder with kits23.json is taken for KiTS, others for DICOM", async () => {
  await expect(run(folder, "--from", "kits", "--out", at("x"))).rejects.toMatchObject({
    code: "E_FILE_MISSING",
  });
  writeFileSync(at("kits23.json"), "[]");
  await expect(run(folder, "--out", at("x"))).rejects.toThrow(/kits23\.json/);
});
