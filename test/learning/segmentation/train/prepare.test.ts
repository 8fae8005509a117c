import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { dices } from "../../../../src/learning/segmentation/train/meanDice.ts";
import { normalizationOf } from "../../../../src/learning/segmentation/train/normalization.ts";
import { normalize } from "../../../../src/learning/segmentation/train/normalize.ts";
import { tone } from "../../../../src/learning/segmentation/train/patches/tone.ts";
import { medianSpacing } from "../../../../src/learning/segmentation/train/prepare/prepareCases.ts";
import { openSlices } from "../../../../src/learning/segmentation/train/prepare/prepared.ts";
import { preparedFile } from "../../../../src/learning/segmentation/train/prepare/prepareFile.ts";
import type { Geometry } from "../../../../src/numerics/volume/index.ts";
import { smallSettings } from "./blobs.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prepare-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Axes i to the right, j to the head, k to the back. */
const odd: Geometry = {
  size: [4, 6, 5],
  spacing: [2, 1.5, 3],
  origin: [10, 20, 30],
  direction: [
    [-1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ],
};
const file = (name: string) => join(folder, name);

test("a case lies with its axes along S, P, L, and each of its slices can be read alone", async () => {
  const image = Float32Array.from({ length: 120 }, (_, n) => n);
  const labels = Uint8Array.from(image, (n) => (n === 0 ? 7 : n === 119 ? 3 : 0));
  await writeNifti(file("i.nii.gz"), { ...odd, data: image });
  await writeNifti(file("l.nii.gz"), { ...odd, data: labels });
  const c = {
    case: "c",
    patient: "c",
    images: [{ path: file("i.nii.gz") }, undefined],
    labels: file("l.nii.gz"),
  };
  expect(await medianSpacing([c])).toEqual([1.5, 3, 2]);
  const job = {
    case: c,
    labels: [
      { name: "three", value: 3 },
      { name: "seven", value: 7 },
    ],
    spacing: [1.5, 3, 2] as const,
    cache: file("cache"),
  };
  const prepared = await preparedFile(job);
  expect(prepared.size).toEqual([6, 5, 4]);
  // Voxel 0 is the rightmost: last along W. Its label, 7, is the second class.
  expect(prepared.places).toEqual([[119 - 3], [3]]);
  const [{ mean, deviation, foreground }, none] = prepared.statistics as never as {
    mean: number;
    deviation: number;
    foreground: number[];
  }[];
  expect(mean).toBeCloseTo(59.5, 6);
  expect(deviation).toBeCloseTo(Math.sqrt((120 ** 2 - 1) / 12), 6);
  expect(foreground.toSorted()).toEqual([0, 119]);
  expect(none ?? undefined).toBeUndefined();
  const slices = openSlices();
  // k is P and j is S in the file: slice S of the case holds j = S.
  const at = (s: number, p: number, l: number) => 3 - l + 4 * (s + 6 * p);
  for (let s = 0; s < 6; s++)
    expect([...slices.image(prepared, 0, s, s + 1)]).toEqual(
      Array.from({ length: 20 }, (_, n) => at(s, Math.floor(n / 4), n % 4)),
    );
  expect([...slices.classes(prepared, 0, 1)].slice(0, 4)).toEqual([0, 0, 0, 2]);
  slices.close();
  // From the cache it is the same.
  expect(await preparedFile(job)).toEqual(JSON.parse(JSON.stringify(prepared)));
  await writeFile(prepared.path, "damaged");
  expect(JSON.parse(JSON.stringify(await preparedFile(job)))).toEqual(JSON.parse(JSON.stringify(prepared)));
  await expect(preparedFile({ ...job, labels: [{ name: "three", value: 3 }] })).rejects.toMatchObject({
    code: "E_MASK",
  });
});

test("windows are brought to −1…1; images to mean 0 and deviation 1; foreground by percentiles of training cases", () => {
  const statistics = [{ mean: 5, deviation: 2, foreground: Array.from({ length: 1001 }, (_, n) => n) }];
  const header = { case: "c", size: [1, 1, 1] as const, places: [], statistics };
  const [window] = normalizationOf({ normalization: [-150, 350] }, [header], [[0]], true);
  const values = Float32Array.of(-1000, -150, 100, 350, 3000);
  normalize(values, window, statistics[0]);
  expect([...values]).toEqual([-1, -1, 0, 1, 1]);
  const [own] = normalizationOf({ normalization: "auto" }, [header], [[0]], false);
  const three = Float32Array.of(5, 7, 1);
  normalize(three, own, statistics[0]);
  expect([...three]).toEqual([0, 1, -2]);
  const [ct] = normalizationOf({ normalization: "auto" }, [header], [[0]], true);
  expect(ct).toMatchObject({ kind: "fixed", low: 5, high: 995, mean: 500 });
  expect(ct).toHaveProperty("deviation", expect.closeTo(Math.sqrt((1001 ** 2 - 1) / 12), 6));
});

test("Dice is 2·|both| / (|found| + |true|), and unknown where neither is", () => {
  expect(dices(Uint8Array.of(1, 1, 0, 2), Uint8Array.of(1, 0, 1, 2), 3)).toEqual([0.5, 1, undefined]);
});

test("tones keep a patch finite, and where none is asked for leave it as it is", () => {
  const { augmentation } = smallSettings();
  const values = Float32Array.from({ length: 500 }, (_, n) => Math.sin(n));
  const same = values.slice();
  tone(same, { ...augmentation, toned: 0 }, random(1));
  expect(same).toEqual(values);
  for (let seed = 0; seed < 30; seed++) {
    const toned = values.slice();
    tone(toned, { ...augmentation, toned: 1 }, random(seed));
    expect(toned.every(Number.isFinite)).toBe(true);
    expect(toned).not.toEqual(values);
  }
});
