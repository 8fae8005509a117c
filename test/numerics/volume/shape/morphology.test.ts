import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  close,
  dilate,
  erode,
  fillHoles,
  fillHolesBySlice,
  open,
  type Vec3,
} from "../../../../src/numerics/volume/index.ts";
import { at, indices, mask as masks, randomMask, spacing as spacings } from "../arbitrary.ts";
import { hasPython, python } from "../python.ts";

const radii = fc.constantFrom(0, 0.5, 1, 1.7, 2, 3);

/** Whether any voxel of the value lies within the radius, by looking at all of them. */
function near(mask: Uint8Array, size: Vec3, spacing: Vec3, radius: number, value: number): number[] {
  const those = [...indices(size)].filter((index) => mask[at(size, index)] === value);
  return [...indices(size)].map((p) =>
    those.some((q) => Math.hypot(...p.map((v, a) => (v - q[a]) * spacing[a])) <= radius * (1 + 1e-6)) ? 1 : 0,
  );
}

describe("dilate and erode", () => {
  it("follow their definitions", () => {
    fc.assert(
      fc.property(masks(6), spacings, radii, ({ size, mask }, spacing, radius) => {
        expect([...dilate(mask, size, spacing, radius)]).toEqual(near(mask, size, spacing, radius, 1));
        expect([...erode(mask, size, spacing, radius)]).toEqual(
          near(mask, size, spacing, radius, 0).map((v) => 1 - v),
        );
      }),
    );
  });

  it("reach a voxel that lies right at the radius", () => {
    const mask = Uint8Array.of(1, 0, 0, 0, 0);
    expect([...dilate(mask, [5, 1, 1], [0.7, 1, 1], 2.1)]).toEqual([1, 1, 1, 1, 0]);
  });

  it("open within the mask, close around it", () => {
    fc.assert(
      fc.property(masks(6), spacings, radii, ({ size, mask }, spacing, radius) => {
        const opened = open(mask, size, spacing, radius);
        const closed = close(mask, size, spacing, radius);
        expect(mask.every((v, n) => opened[n] <= v && v <= closed[n])).toBe(true);
      }),
    );
  });
});

describe("fillHoles", () => {
  it("fills a closed shell, not an open one", () => {
    const size: Vec3 = [5, 5, 5];
    const shell = Uint8Array.from(indices(size), (index) => (index.every((v) => v > 0 && v < 4) ? 0 : 1));
    const before = shell.slice();
    expect(fillHoles(shell, size).every((v) => v === 1)).toBe(true);
    expect(shell).toEqual(before);
    const pierced = shell.with(at(size, [2, 2, 0]), 0);
    expect([...fillHoles(pierced, size)]).toEqual([...pierced]);
  });

  it.skipIf(!hasPython("scipy"))("is scipy's binary_fill_holes, in 3D and slice by slice", () => {
    const size: Vec3 = [17, 15, 9];
    const script = `
import sys, json, numpy as np
from scipy import ndimage
q = json.load(sys.stdin)
def both(mask):
    a = np.array(mask).reshape(q["size"], order="F")
    whole = ndimage.binary_fill_holes(a)
    slices = np.stack([ndimage.binary_fill_holes(a[:, :, k]) for k in range(a.shape[2])], axis=2)
    return [v.astype(int).ravel(order="F").tolist() for v in (whole, slices)]
print(json.dumps([both(mask) for mask in q["masks"]]))`;
    const masks = [0.5, 0.7, 0.85].map((density) => randomMask(size, density, 11));
    const oracle = python<number[][][]>(script, { masks: masks.map((mask) => [...mask]), size });
    for (const [n, mask] of masks.entries()) {
      const [whole, slices] = oracle[n];
      expect([...fillHoles(mask, size)]).toEqual(whole);
      expect([...fillHolesBySlice(mask, size)]).toEqual(slices);
    }
  });
});
