import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { type GridZoomOptions, gridZoom } from "../../../../src/numerics/volume/resample/gridZoom.ts";
import { hasPython, python } from "../python.ts";

/** As nnU-Net resamples: scikit-image's `resize`, slice by slice where an axis is separate, then `map_coordinates`. */
const scipy = `
import json, sys
import numpy as np
from scipy.ndimage import zoom, map_coordinates

def resize(a, shape, order):
    if a.shape == tuple(shape): return a
    found = zoom(a, [m / n for m, n in zip(shape, a.shape)], order=order, mode="nearest", grid_mode=True)
    return np.clip(found, a.min(), a.max())

results = []
for case in json.load(sys.stdin):
    a = np.array(case["data"], dtype=float).reshape(case["size"][::-1])
    shape = case["target"][::-1]
    if case["separate"] is None:
        found = resize(a, shape, case["order"])
    else:
        axis = 2 - case["separate"]["axis"]
        flat = [n for d, n in enumerate(shape) if d != axis]
        found = np.stack([resize(s, flat, case["order"]) for s in np.moveaxis(a, axis, 0)], axis)
        if a.shape[axis] != shape[axis]:
            at = [n / m * (g + 0.5) - 0.5 for g, n, m in zip(np.mgrid[tuple(map(slice, shape))], found.shape, shape)]
            found = map_coordinates(found, at, order=case["separate"]["order"], mode="nearest")
    results.append(found.flatten().tolist())
json.dump(results, sys.stdout)
`;

const side = (max: number) => fc.integer({ min: 1, max });
const triple = (max: number): fc.Arbitrary<Vec3> => fc.tuple(side(max), side(max), side(max));
const options: fc.Arbitrary<GridZoomOptions> = fc.record({
  order: fc.constantFrom(0, 1, 3),
  separate: fc.option(fc.record({ axis: fc.constantFrom(0, 1, 2), order: fc.constantFrom(0, 1) }), {
    nil: undefined,
  }),
});

describe("gridZoom", () => {
  test.skipIf(!hasPython("scipy"))("resamples as nnU-Net does, with SciPy", () => {
    const cases = fc
      .sample(fc.record({ size: triple(13), target: triple(19), options, seed: side(1000) }), {
        numRuns: 150,
        seed: 5,
      })
      // One line longer than a block of the filter, and one that shrinks.
      .concat([
        { size: [7, 40, 9], target: [12, 25, 11], options: { order: 3, separate: undefined }, seed: 1 },
        { size: [300, 5, 2], target: [211, 6, 3], options: { order: 3, separate: undefined }, seed: 2 },
        {
          size: [20, 18, 6],
          target: [26, 15, 14],
          options: { order: 3, separate: { axis: 2, order: 0 } },
          seed: 3,
        },
      ])
      .map(({ seed, ...rest }) => {
        const { normal } = random(seed);
        const length = rest.size.reduce((a, b) => a * b);
        return { ...rest, data: Float32Array.from({ length }, () => 100 * normal()) };
      });
    const expected = python<number[][]>(
      scipy,
      cases.map(({ size, target, options: { order, separate = null }, data }) => ({
        size,
        target,
        order,
        separate,
        data: [...data],
      })),
    );
    for (const [n, { size, target, options, data }] of cases.entries()) {
      const found = gridZoom(data, size, target, options);
      expect(found.length).toBe(expected[n].length);
      const worst = found.reduce((max, value, v) => Math.max(max, Math.abs(value - expected[n][v])), 0);
      expect(worst, JSON.stringify({ size, target, options })).toBeLessThan(2e-4);
    }
  });

  test("keeps what is constant, and gives back what has the size already", () => {
    fc.assert(
      fc.property(triple(9), triple(9), options, (size, target, options) => {
        const data = new Float32Array(size.reduce((a, b) => a * b)).fill(41.5);
        const found = gridZoom(data, size, target, options);
        expect(found).toEqual(new Float32Array(target.reduce((a, b) => a * b)).fill(41.5));
        expect(gridZoom(data, size, size, options)).toBe(data);
      }),
    );
  });
});
