import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { cutPatch } from "../../../../src/learning/segmentation/train/patches/cutPatch.ts";
import { drawPatch } from "../../../../src/learning/segmentation/train/patches/drawPatch.ts";
import type {
  PreparedFile,
  SliceReader,
} from "../../../../src/learning/segmentation/train/prepare/prepared.ts";
import { smallSettings } from "./blobs.ts";

const still = { ...smallSettings().augmentation, flip: [], moved: 0, toned: 0 };

/** A case whose image is a linear ramp, and its labels a number of each slab. */
function ramp(size: readonly [number, number, number], places: readonly (readonly number[])[] = [[]]) {
  const [d, h, w] = size;
  const at = (n: number) => [Math.floor(n / (h * w)), Math.floor(n / w) % h, n % w];
  const value = ([k, j, i]: readonly number[]) => 3 * k - 2 * j + 0.5 * i;
  const image = Float32Array.from({ length: d * h * w }, (_, n) => value(at(n)));
  const classes = Uint8Array.from(image, (_, n) => at(n)[0] % 3);
  const file: PreparedFile = {
    case: "ramp",
    path: "",
    hash: "",
    size,
    places,
    statistics: [{ mean: 0, deviation: 1, foreground: [] }],
  };
  const slices: SliceReader = {
    image: (_f, _c, from, to) => image.slice(from * h * w, to * h * w),
    classes: (_f, from, to) => classes.slice(from * h * w, to * h * w),
    close: () => {},
  };
  return { file, slices, value, classes };
}
const sides = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 3, max: 14 })));
const asSize = (list: readonly number[]) => [list[0], list[1], list[2]] as const;

test("a patch that is not moved holds the image's own voxels, and 0 outside", () => {
  fc.assert(
    fc.property(
      sides,
      sides,
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (a, b, seed, foreground) => {
        const [size, patch] = [asSize(a), asSize(b)];
        const { file, slices, value, classes } = ramp(size, [[0, size[0] * size[1] * size[2] - 1]]);
        const draw = random(seed);
        const place = drawPatch([file], () => [[0]], patch, foreground, draw);
        const count = patch[0] * patch[1] * patch[2];
        const [image, labels] = [new Float32Array(count), new Float32Array(count)];
        const normalization = [{ kind: "image" as const }];
        cutPatch(place, [...patch], [1, 1, 1], normalization, still, slices, draw, image, labels);
        const start = place.middle.map((m, axis) => m - (patch[axis] - 1) / 2);
        let inside = 0;
        for (let n = 0; n < count; n++) {
          const voxel = [
            Math.floor(n / (patch[1] * patch[2])),
            Math.floor(n / patch[2]) % patch[1],
            n % patch[2],
          ];
          const at = voxel.map((v, axis) => v + start[axis]);
          expect(at.every(Number.isInteger)).toBe(true);
          const within = at.every((v, axis) => v >= 0 && v < size[axis]);
          if (within) inside++;
          expect(image[n]).toBeCloseTo(within ? value(at) : 0, 5);
          expect(labels[n]).toBe(within ? classes[(at[0] * size[1] + at[1]) * size[2] + at[2]] : 0);
        }
        // It holds as much of the image as it can.
        expect(inside).toBe(size.reduce((product, side, axis) => product * Math.min(side, patch[axis]), 1));
      },
    ),
    { numRuns: 60 },
  );
});

test("a foreground patch holds the voxel it was drawn around", () => {
  const size = [12, 16, 10] as const;
  const voxel = [11, 2, 5];
  const { file } = ramp(size, [[], [(voxel[0] * size[1] + voxel[1]) * size[2] + voxel[2]]]);
  const patch = [4, 6, 4];
  for (let seed = 0; seed < 20; seed++) {
    const { middle } = drawPatch([file], () => [[0]], patch, 1, random(seed));
    voxel.forEach((v, a) => expect(Math.abs(v - middle[a])).toBeLessThanOrEqual(patch[a] / 2));
  }
});

test("a turned and scaled patch of a ramp is the ramp there: the map is linear about the middle, in mm", () => {
  const size = [40, 40, 40] as const;
  const patch: [number, number, number] = [8, 6, 10];
  const spacing = [3, 1, 1.5];
  const { file, slices, value } = ramp(size);
  const middle = [19.5, 20, 18];
  const turned = { ...still, moved: 1, rotationDegrees: 30, scale: 0.2, flip: ["D" as const, "W" as const] };
  for (let seed = 0; seed < 10; seed++) {
    const image = new Float32Array(8 * 6 * 10);
    const place = { file, channels: [0], middle };
    const normalization = [{ kind: "image" as const }];
    cutPatch(place, patch, spacing, normalization, turned, slices, random(seed), image, image.slice());
    const at = (k: number, j: number, i: number) => image[(k * 6 + j) * 10 + i];
    // Opposite voxels lie opposite each other about the middle, so their mean is the ramp's value there.
    for (const [k, j, i] of [
      [0, 0, 0],
      [2, 5, 1],
      [7, 1, 4],
    ])
      expect((at(k, j, i) + at(7 - k, 5 - j, 9 - i)) / 2).toBeCloseTo(value(middle), 3);
    // Steps along the axes are of one length in mm: the map is a rotation times a scale.
    const columns = [at(1, 0, 0) - at(0, 0, 0), at(0, 1, 0) - at(0, 0, 0), at(0, 0, 1) - at(0, 0, 0)];
    const gradient = [3, -2, 0.5].map((g, a) => g / spacing[a]);
    const length = Math.hypot(...columns.map((step, a) => step / spacing[a])) / Math.hypot(...gradient);
    expect(length).toBeGreaterThan(1 / 1.2 - 1e-3);
    expect(length).toBeLessThan(1 / 0.8 + 1e-3);
  }
});
