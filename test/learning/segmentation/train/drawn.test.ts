import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawCase } from "../../../../src/learning/segmentation/train/drawn/drawCase.ts";
import { drawnDataset } from "../../../../src/learning/segmentation/train/drawn/drawnDataset.ts";
import { drawnFiles } from "../../../../src/learning/segmentation/train/drawn/drawnFiles.ts";
import { drawnGrid } from "../../../../src/learning/segmentation/train/drawn/drawnGrid.ts";
import { openSlices } from "../../../../src/learning/segmentation/train/prepare/prepared.ts";
import { segmentationData } from "../../../../src/learning/segmentation/train/segmentationData.ts";
import type { SegmentSettingsInput } from "../../../../src/learning/segmentation/train/segmentSettings.ts";
import { drawAbdomen, planAbdomen } from "../../../../src/patients/synthetic/index.ts";
import { smallSettings } from "./blobs.ts";

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "drawn-"));
});
afterAll(() => rm(cache, { recursive: true }));

const drawn = (more: SegmentSettingsInput["drawn"] = {}) => smallSettings({ drawn: more }).drawn;
const anySeed = fc.integer({ min: 0, max: 1e6 });

test("a part ends where the scan ends; around a landmark it holds its middle, away from them it holds none", () => {
  fc.assert(
    fc.property(anySeed, fc.boolean(), (seed, away) => {
      const plan = planAbdomen(seed);
      const extent = [60, 50, 40] as [number, number, number];
      const grid = drawnGrid(seed, plan, [5, 2.5, 2], { extent, jitter: 15, empty: away ? 1 : 0 });
      expect(grid.spacing).toEqual([2, 2.5, 5]);
      const low = grid.origin.map((mm, a) => mm - grid.spacing[a] / 2);
      const high = low.map((mm, a) => mm + grid.size[a] * grid.spacing[a]);
      for (let a = 0; a < 3; a++) {
        expect(low[a]).toBeGreaterThan(plan.low[a] - grid.spacing[a]);
        expect(high[a]).toBeLessThan(plan.high[a] + grid.spacing[a]);
        expect(high[a] - low[a]).toBeLessThan(extent[2 - a] + grid.spacing[a]);
      }
      const holds = (mm: readonly number[], slack: number) =>
        mm.every((x, a) => x > low[a] - slack && x < high[a] + slack);
      const seen = plan.landmarks.filter(({ center }) =>
        center.every((x, a) => x > plan.low[a] && x < plan.high[a]),
      );
      const held = plan.landmarks.filter(({ center }) => holds(center, 3));
      if (away) expect(held).toEqual([]);
      else if (seen.length > 0) expect(held).not.toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("a scan is drawn whole", () => {
  const plan = planAbdomen(3);
  const { size } = drawnGrid(3, plan, [8, 8, 8], { extent: "scan", jitter: 0, empty: 1 });
  size.forEach((n, a) => expect(Math.abs(n * 8 - (plan.high[a] - plan.low[a]))).toBeLessThanOrEqual(4));
});

test("drawn finer, a voxel is the mean of eight, and has the commonest of their labels", () => {
  const [c] = drawnDataset(1, smallSettings()).cases;
  const settings = drawn({ extent: [40, 48, 32], empty: 0, finer: 2 });
  const spacing = [8, 8, 8] as const;
  const made = drawCase(c, settings, spacing, 3);
  const grid = drawnGrid(c.seed, planAbdomen(c.seed), spacing, settings);
  const small = { ...grid, size: grid.size.map((n) => 2 * n) as never, spacing: [4, 4, 4] as const };
  const fine = drawAbdomen(c.seed, { ...small, origin: grid.origin.map((mm) => mm - 2) as never });
  const [nx, ny] = grid.size;
  expect(made.size).toEqual(grid.size.toReversed());
  expect(made.classes.some((label) => label > 0)).toBe(true);
  made.classes.forEach((label, n) => {
    const at = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
    const eight = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (e) => 2 * at[0] + (e & 1) + 2 * nx * (2 * at[1] + ((e >> 1) & 1) + 2 * ny * (2 * at[2] + (e >> 2))),
    );
    const mean = eight.reduce((sum, v) => sum + fine.image.data[v], 0) / 8;
    expect(Math.abs(made.images[0]![n] - mean)).toBeLessThanOrEqual(0.5);
    const count = (of: number) => eight.filter((v) => fine.labels.data[v] === of).length;
    expect(count(label)).toBe(Math.max(...[0, 1, 2, 3].map(count)));
  });
});

test("threads draw what one draws, cases are kept, and lesions may be part of the kidney", async () => {
  const { cases } = drawnDataset(3, smallSettings());
  expect(drawnDataset(5, smallSettings()).cases.slice(0, 3)).toEqual(cases);
  expect(drawnDataset(3, smallSettings({ seed: 2 })).cases[0].seed).not.toBe(cases[0].seed);
  const settings = drawn({ extent: [64, 64, 64], empty: 0 });
  const spacing = [8, 8, 8] as const;
  const files = await drawnFiles(cases, settings, spacing, cache, { threads: 2 });
  expect(await readdir(cache)).toHaveLength(3);
  const slices = openSlices();
  files.forEach((file, n) => {
    const { images, ...made } = drawCase(cases[n], settings, spacing, 3);
    expect(file).toMatchObject({ case: made.case, size: made.size, places: made.places });
    expect(slices.image(file, 0, 0, file.size[0])).toEqual(Float32Array.from(images[0]!));
    expect(slices.image(file, 0, 2, 3)).toEqual(
      Float32Array.from(images[0]!).slice(2 * file.size[1] * file.size[2], 3 * file.size[1] * file.size[2]),
    );
    const classes = slices.classes(file, 0, file.size[0]);
    expect(classes).toEqual(made.classes);
    const one = drawCase(cases[n], { ...settings, lesions: "kidney" }, spacing, 1);
    expect(one.classes).toEqual(classes.map((label) => (label > 0 ? 1 : 0)));
    expect(one.places).toHaveLength(1);
  });
  slices.close();
  const again = await drawnFiles(cases, settings, spacing, cache, { threads: 1 });
  expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(files)));
});

test("values are HU in a fixed window; voxels must be given, and a stop is E_INTERRUPTED", async () => {
  const settings = smallSettings({ spacing: [12, 12, 12], drawn: { extent: [96, 96, 96] } });
  const dataset = drawnDataset(4, settings);
  const data = await segmentationData(dataset, settings, [], cache, { threads: 1 });
  expect(data.normalizations).toEqual([{ kind: "fixed", low: -150, high: 350, mean: 100, deviation: 250 }]);
  expect([data.parts.train.length, data.parts.validation.length]).toEqual([3, 1]);
  const vague = smallSettings();
  await expect(segmentationData(dataset, vague, [], cache, {})).rejects.toMatchObject({ code: "E_USAGE" });
  const stopped = segmentationData(drawnDataset(4, smallSettings({ seed: 9 })), settings, [], cache, {
    threads: 1,
    signal: AbortSignal.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
});

test("phantoms among the cases: a kidney with its tumour, on the voxels asked for", () => {
  const settings = drawn({ phantoms: 1 });
  for (const c of drawnDataset(3, smallSettings()).cases) {
    const found = drawCase(c, settings, [4, 3, 3], 3);
    expect(found).toEqual(drawCase(c, settings, [4, 3, 3], 3));
    const [depth, height, width] = found.size;
    expect(found.classes).toHaveLength(depth * height * width);
    for (const [sides, mm] of [[[depth], 4] as const, [[height, width], 3] as const])
      for (const side of sides) expect(side * mm).toBeGreaterThan(50);
    const mean = (label: number) => {
      const values = Array.from(found.images[0]!).filter((_, n) => found.classes[n] === label);
      expect(values.length).toBeGreaterThan(0);
      return values.reduce((sum, hu) => sum + hu, 0) / values.length;
    };
    expect(mean(1)).toBeGreaterThan(60);
    expect(mean(2)).toBeGreaterThan(0);
    expect(mean(0)).toBeLessThan(mean(1));
  }
  const [c] = drawnDataset(1, smallSettings()).cases;
  expect(drawCase(c, { ...settings, lesions: "kidney" }, [4, 4, 4], 1).classes).not.toContain(2);
});
