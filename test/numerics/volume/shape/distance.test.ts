import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceTransform, type Vec3 } from "../../../../src/numerics/volume/index.ts";
import { at, indices, mask as masks, randomMask, spacing as spacings } from "../arbitrary.ts";
import { hasPython, python } from "../python.ts";

function bruteForce(mask: Uint8Array, size: Vec3, spacing: Vec3): number[] {
  const inside = [...indices(size)].filter((index) => mask[at(size, index)]);
  return [...indices(size)].map((p) =>
    inside.reduce(
      (least, q) => Math.min(least, Math.hypot(...p.map((v, a) => (v - q[a]) * spacing[a]))),
      Infinity,
    ),
  );
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [n, value] of expected.entries())
    if (!(actual[n] === value || Math.abs(actual[n] - value) <= 2e-7 * value))
      expect.fail(`voxel ${n}: ${actual[n]} instead of ${value}`);
}

describe("distanceTransform", () => {
  it("is the distance to the nearest voxel of the mask, whatever the spacing", () => {
    fc.assert(
      fc.property(masks(), spacings, ({ size, mask }, spacing) => {
        expectClose(distanceTransform(mask, size, spacing), bruteForce(mask, size, spacing));
      }),
    );
  });

  it("is Infinity everywhere for an empty mask", () => {
    const distance = distanceTransform(new Uint8Array(3 * 4 * 5), [3, 4, 5], [1, 1, 1]);
    expect(new Set(distance)).toEqual(new Set([Infinity]));
  });

  it.skipIf(!hasPython("scipy"))("is scipy's distance_transform_edt", () => {
    const size: Vec3 = [40, 35, 21];
    const spacing: Vec3 = [0.78, 0.91, 3];
    const script = `
import sys, json, numpy as np
from scipy import ndimage
q = json.load(sys.stdin)
def distance(mask):
    a = np.array(mask).reshape(q["size"], order="F")
    return ndimage.distance_transform_edt(a == 0, sampling=q["spacing"]).ravel(order="F").tolist()
print(json.dumps([distance(mask) for mask in q["masks"]]))`;
    const masks = [0.0002, 0.01, 0.6].map((density) => randomMask(size, density, 3));
    const oracle = python<number[][]>(script, { masks: masks.map((mask) => [...mask]), size, spacing });
    for (const [n, mask] of masks.entries()) expectClose(distanceTransform(mask, size, spacing), oracle[n]);
  });
});
