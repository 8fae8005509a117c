import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  enlarged,
  sliceOf,
  strongestSlice,
  tumorCenter,
} from "../../../../src/report/prediction/pictures/slice.ts";

const side = 6;
const at = (i: number, j: number, k: number) => i + side * (j + side * k);
const cube = (...points: readonly (readonly [number, number, number])[]) => {
  const data = new Uint8Array(side ** 3);
  for (const [i, j, k] of points) data[at(i, j, k)] = 255;
  return data;
};

describe("sliceOf", () => {
  const data = cube([1, 2, 4]);
  test("axial: front above, patient's right on the left", () => {
    expect(sliceOf(data, side, "axial", 4).data.indexOf(255)).toBe(1 + side * 2);
    expect(sliceOf(data, side, "axial", 3).data).not.toContain(255);
  });
  test("coronal: head above, patient's right on the left", () => {
    expect(sliceOf(data, side, "coronal", 2).data.indexOf(255)).toBe(1 + side * (side - 1 - 4));
    expect(sliceOf(data, side, "coronal", 3).data).not.toContain(255);
  });
});

describe("enlarged", () => {
  test("stays between least and largest, and keeps what is even", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 9, maxLength: 9 }),
        fc.integer({ min: 1, max: 5 }),
        (values, zoom) => {
          const { side, data } = enlarged({ side: 3, data: Float32Array.from(values) }, zoom);
          expect(side).toBe(3 * zoom);
          expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-3);
          expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...values) + 1e-3);
        },
      ),
    );
  });
  test("runs linearly between voxel centres", () => {
    const { data } = enlarged({ side: 2, data: Float32Array.of(0, 8, 0, 8) }, 4);
    expect([...data.subarray(0, 8)]).toEqual([0, 0, 1, 3, 5, 7, 8, 8]);
  });
});

describe("tumorCenter", () => {
  test("of the larger of two tumours", () => {
    expect(tumorCenter(cube([0, 0, 0], [3, 4, 4], [4, 4, 4], [5, 4, 4]), side)).toEqual([4, 4, 4]);
  });
  test("of a tumour that fills no voxel by half", () => {
    const faint = cube();
    faint[at(2, 3, 1)] = 90;
    expect(tumorCenter(faint, side)).toEqual([2, 3, 1]);
  });
  test("the cube's middle where there is none", () => {
    expect(tumorCenter(cube(), side)).toEqual([3, 3, 3]);
  });
});

test("strongestSlice counts what speaks against as well", () => {
  const map = new Float32Array(side ** 3);
  map[at(0, 0, 1)] = 2;
  map[at(3, 3, 5)] = -1.5;
  map[at(4, 3, 5)] = -1.5;
  expect(strongestSlice(map, side)).toBe(5);
});
