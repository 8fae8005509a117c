import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseNifti, writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { distanceTransform } from "../../../../src/numerics/volume/index.ts";
import { type Case, phases, type StudyPhase } from "../../../../src/patients/cohort/case.ts";
import { type Painted, paint } from "../../../../src/patients/synthetic/paint/paint.ts";
import { paintCohort } from "../../../../src/patients/synthetic/paint/paintCohort.ts";
import { centerStyle, type ScannerStyle } from "../../../../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../../../src/patients/synthetic/phantom/phantom.ts";

const none = { perirenal: false, sinus: false, vein: false };
const quiet: ScannerStyle = {
  noiseSd: 8,
  noiseGrain: 0.7,
  blur: [0.5, 0.5],
  sharpen: 0,
  delay: 0,
  enhancement: 1,
  offset: 0,
};
const { mask } = phantom({ sizeMm: 35, side: "right", invasion: none }, 4, { spacing: 1.5 });
const patient = { histology: "clear_cell", necrosis: false } as const;
const options = { spacing: 1.5 };

const bits = ({ phases: images }: Painted, phase: StudyPhase) => Buffer.from(images[phase].data.buffer);

test("the same seed paints the same bits, another seed other ones", () => {
  const [a, b, c] = [7, 7, 8].map((seed) => paint(mask, patient, quiet, seed, options));
  for (const phase of phases) {
    expect(bits(a, phase).equals(bits(b, phase))).toBe(true);
    expect(bits(a, phase).equals(bits(c, phase))).toBe(false);
  }
});

test("phases and mask share one grid at the spacing asked for", () => {
  const painted = paint(mask, patient, centerStyle("B", 1), 1, { spacing: 2 });
  for (const phase of phases) {
    expect(painted.phases[phase].size).toEqual(painted.mask.size);
    expect(painted.phases[phase].spacing).toEqual([2, 2, 2]);
  }
});

const patients = Array.from({ length: 4 }, (_, seed) => {
  const { phases: images, mask: labels } = paint(mask, patient, quiet, seed, options);
  const { size, spacing, data } = labels;
  const distance = (to: (label: number) => boolean) =>
    distanceTransform(
      data.map((v) => (to(v) ? 1 : 0)),
      size,
      spacing,
    );
  return { images, data, depth: distance((v) => v === 0), outside: distance((v) => v !== 0) };
});

/** Mean HU, over some patients, of the voxels that `keep` keeps. */
function meanHu(phase: StudyPhase, keep: (depth: number, outside: number, label: number) => boolean) {
  let [sum, count] = [0, 0];
  for (const { images, data, depth, outside } of patients)
    for (let n = 0; n < data.length; n++)
      if (keep(depth[n], outside[n], data[n])) {
        sum += images[phase].data[n];
        count++;
      }
  return sum / count;
}

test.each([
  ["corticomedullary", 205, 265],
  ["nephrographic", 165, 215],
] as const)("%s: the rim of the kidney enhances as cortex", (phase, low, high) => {
  const hu = meanHu(phase, (depth, _, label) => label === 1 && depth > 2.5 && depth < 4.5);
  expect(hu).toBeGreaterThan(low);
  expect(hu).toBeLessThan(high);
});

test("the kidney's inside is darker than its rim in the corticomedullary phase, and alike in the nephrographic", () => {
  const rim = (d: number, _: number, label: number) => label === 1 && d > 2.5 && d < 4.5;
  const inside = (d: number, _: number, label: number) => label === 1 && d > 9;
  expect(meanHu("corticomedullary", rim) - meanHu("corticomedullary", inside)).toBeGreaterThan(35);
  expect(Math.abs(meanHu("nephrographic", rim) - meanHu("nephrographic", inside))).toBeLessThan(20);
});

test("fat lies around the kidney, and contrast medium in its sinus in the excretory phase alone", () => {
  const around = (_: number, outside: number, label: number) => label === 0 && outside > 4 && outside < 6;
  for (const phase of phases) {
    const hu = meanHu(phase, around);
    expect(hu).toBeLessThan(-60);
    expect(hu).toBeGreaterThan(-115);
  }
  const { images } = patients[2];
  const bright = (phase: StudyPhase) => images[phase].data.filter((v) => v > 320).length;
  expect(bright("excretory")).toBeGreaterThan(100);
  expect(bright("nephrographic")).toBeLessThan(0.3 * bright("excretory"));
});

test("necrosis darkens the tumour, and a cyst is water", () => {
  const dead = paint(mask, { ...patient, necrosis: true }, quiet, 7, options);
  const alive = paint(mask, patient, quiet, 7, options);
  const dark = ({ phases: images, mask: m }: typeof dead) =>
    m.data.filter((v, n) => v === 2 && images.corticomedullary.data[n] < 50).length;
  expect(dark(dead)).toBeGreaterThan(dark(alive) + 200);
  const cystic = { ...mask, data: mask.data.map((v) => (v === 2 ? 3 : v)) };
  // A little tumour must remain for there to be an affected kidney.
  for (let left = 60, n = cystic.data.indexOf(1); left > 0; n++)
    if (cystic.data[n] === 1) {
      cystic.data[n] = 2;
      left--;
    }
  const { phases: images, mask: m } = paint(cystic, patient, quiet, 7, options);
  const inside = distanceTransform(
    m.data.map((v) => (v === 3 ? 0 : 1)),
    m.size,
    m.spacing,
  );
  for (const phase of phases) {
    const hu = [...images[phase].data].filter((_, n) => inside[n] > 4);
    const mean = hu.reduce((a, b) => a + b, 0) / hu.length;
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(20);
  }
});

describe("a cohort on disk", () => {
  let folder = "";
  const rows: Case[] = [1, 2, 3].map((n) => ({
    case: `case ${n}`,
    patient: `p${n}`,
    center: n === 3 ? "B" : "A",
    images: {},
    mask: `m${n}.nii.gz`,
    histology: n === 2 ? "papillary" : "clear_cell",
    stage: "I",
    complexity: "low",
    renal: 5,
    necrosis: n === 1,
    source: "real",
  }));
  const permuted: Case[] = rows.map((r, n) => ({
    ...r,
    stage: (["IV", "III", "II"] as const)[n],
    complexity: "high",
    renal: 12,
    age: 80,
    sex: "female",
  }));
  const run = (cases: readonly Case[], out: string, threads = 2) =>
    paintCohort({ folder, cases }, { out: join(folder, out), spacing: 3, seed: 5, threads });
  const bytes = (out: string, c: Case, file: string) =>
    readFile(join(folder, out, "images", encodeURIComponent(c.case), file));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "trinephron-paint-"));
    for (const [n, r] of rows.entries()) {
      const region = phantom({ sizeMm: 30 + 10 * n, side: "left", invasion: none }, n, { spacing: 3 });
      await writeNifti(join(folder, r.mask!), region.mask);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("voxels do not depend on stage, complexity, age or sex, on the order of cases or the number of threads", async () => {
    const first = await run(rows, "one");
    const second = await run(permuted.toReversed(), "two", 1);
    expect(first.failed).toEqual([]);
    expect(second.cases.map((c) => c.stage)).toEqual(["II", "III", "IV"]);
    for (const r of rows)
      for (const file of [...phases.map((p) => `${p}.nii.gz`), "mask.nii.gz"])
        expect((await bytes("one", r, file)).equals(await bytes("two", r, file))).toBe(true);
  });

  test("rows keep their labels, say painted, and so do the images", async () => {
    const { cases } = await run(rows, "one");
    for (const [n, c] of cases.entries()) {
      expect(c).toMatchObject({ ...rows[n], images: c.images, mask: c.mask, source: "painted" });
      const image = await readFile(join(folder, "one", c.images.excretory!));
      expect(parseNifti(image, "image").data).toBeInstanceOf(Int16Array);
      const { gunzipSync } = await import("node:zlib");
      expect(gunzipSync(image).toString("latin1", 148, 228)).toMatch(/^painted, not a real CT\0/);
    }
  });

  test("what is there is kept, what is missing or made otherwise is painted", async () => {
    await run(rows, "three");
    const path = (c: Case) => join(folder, "three", "images", encodeURIComponent(c.case), "excretory.nii.gz");
    const before = await Promise.all(rows.map(async (r) => (await stat(path(r))).mtimeMs));
    const gone = await readFile(path(rows[0]));
    await rm(path(rows[0]));
    await run([rows[0], rows[1], { ...rows[2], histology: "chromophobe" }], "three");
    const after = await Promise.all(rows.map(async (r) => (await stat(path(r))).mtimeMs));
    expect((await readFile(path(rows[0]))).equals(gone)).toBe(true);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).toBeGreaterThan(before[2]);
  });

  test("a case that cannot be painted is named, the others are painted", async () => {
    const { cases, failed } = await run(
      [{ ...rows[0], case: "bad", mask: "nowhere.nii.gz" }, rows[1]],
      "four",
    );
    expect(cases.map((c) => c.case)).toEqual(["case 2"]);
    expect(failed).toMatchObject([{ case: "bad", error: { code: "E_FILE_MISSING" } }]);
  });

  test("interrupted, it stops and says so", async () => {
    const stopped = paintCohort(
      { folder, cases: rows },
      { out: join(folder, "five"), spacing: 3, seed: 5, threads: 1, signal: AbortSignal.abort() },
    );
    await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });
});
