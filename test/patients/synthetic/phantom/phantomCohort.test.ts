import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { renal } from "../../../../src/imaging/nephrometry/index.ts";
import { mean } from "../../../../src/numerics/stats/moments.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import { claimFolder } from "../../../../src/patients/synthetic/paint/files/claim.ts";
import { drawPatient } from "../../../../src/patients/synthetic/phantom/patient.ts";
import { phantom } from "../../../../src/patients/synthetic/phantom/phantom.ts";
import {
  phantomCohort,
  writePhantomCohort,
} from "../../../../src/patients/synthetic/phantom/phantomCohort.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trinephron-phantom-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bitsOf = ({ data }: Volume) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

const centers = { A: 3, B: 2 };
const made = [...phantomCohort({ centers, seed: 4, spacing: 3 })];

test("the same cohort whether in memory or on disk, on one thread or two, in one go or resumed", async () => {
  const options = { centers, seed: 4, spacing: 3 };
  const two = await writePhantomCohort({ ...options, out: join(folder, "two"), threads: 2 });
  await writePhantomCohort({ ...options, centers: { B: 1 }, out: join(folder, "one"), threads: 1 });
  const one = await writePhantomCohort({ ...options, out: join(folder, "one"), threads: 1 });
  expect(one).toEqual(two);
  expect(made.map(({ row }) => row)).toEqual(one);
  for (const [n, row] of two.entries())
    for (const [path, volume] of [
      [row.images.corticomedullary!, made[n].painted.phases.corticomedullary],
      [row.images.excretory!, made[n].painted.phases.excretory],
      [row.mask!, made[n].painted.mask],
    ] as const) {
      const bytes = await readFile(join(folder, "two", path));
      expect(bytes.equals(await readFile(join(folder, "one", path)))).toBe(true);
      expect(bitsOf(parseNifti(bytes, path)).equals(bitsOf(volume))).toBe(true);
    }
  expect((await readdir(join(folder, "two", "images"))).sort()).toEqual([
    "A-0001",
    "A-0002",
    "A-0003",
    "B-0001",
    "B-0002",
  ]);
});

test("complexity is the mask's own R.E.N.A.L. score", () => {
  for (const { row, painted } of made) {
    const { total } = renal(painted.mask as Volume<Uint8Array>);
    expect(row.renal).toBe(total);
    expect(row.complexity).toBe(total >= 10 ? "high" : total >= 7 ? "moderate" : "low");
    expect(row.source).toBe("procedural");
  }
});

test("about a quarter of the tumours are of high complexity, which size alone does not settle", () => {
  const rows = [...phantomRows(100)];
  const high = rows.map(({ total }) => (total >= 10 ? 1 : 0));
  expect(mean(high)).toBeGreaterThan(0.12);
  expect(mean(high)).toBeLessThan(0.36);
  expect(rows.filter((r) => r.total >= 10 && r.sizeMm < 50).length).toBeGreaterThan(1);
  expect(rows.filter((r) => r.total < 10 && r.sizeMm > 70).length).toBeGreaterThan(1);
});

function* phantomRows(n: number) {
  for (let c = 0; c < n; c++) {
    const { sizeMm, side, invasion } = drawPatient("C", c, 1);
    const { mask } = phantom({ sizeMm, side, invasion }, c, { spacing: 3 });
    yield { sizeMm, total: renal(mask).total };
  }
}

test("a folder is claimed for one set of settings; others need force", async () => {
  const claimed = join(folder, "claimed");
  await claimFolder(claimed, "procedural", { seed: 1 });
  await claimFolder(claimed, "procedural", { seed: 1 });
  await expect(claimFolder(claimed, "procedural", { seed: 2 })).rejects.toMatchObject({
    code: "E_FILE_EXISTS",
  });
  await claimFolder(claimed, "procedural", { seed: 2 }, true);
  expect(await readFile(join(claimed, "PAINTED.txt"), "utf8")).toContain("NO REAL CT");
});
