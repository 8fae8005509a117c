import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pasteInto } from "../../../src/numerics/volume/crop.ts";
import {
  boundingBox,
  crop,
  grownBox,
  indexToPoint,
  pointToIndex,
} from "../../../src/numerics/volume/index.ts";
import { at, geometry as geometries, indices, mask as masks } from "./arbitrary.ts";

const range = fc.tuple(fc.integer({ min: -4, max: 8 }), fc.integer({ min: 1, max: 8 }));

describe("crop", () => {
  it("keeps values in their place and fills the rest", () => {
    fc.assert(
      fc.property(geometries(), range, range, range, (geometry, [i, ni], [j, nj], [k, nk]) => {
        const { size } = geometry;
        const data = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => n);
        const box = { start: [i, j, k], end: [i + ni, j + nj, k + nk] } as const;
        const cropped = crop({ ...geometry, data }, box, -1024);
        expect(cropped.size).toEqual([ni, nj, nk]);
        for (const index of indices(cropped.size)) {
          const [x, y, z] = pointToIndex(geometry, indexToPoint(cropped, index)).map(Math.round);
          const outside = x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2];
          expect(cropped.data[at(cropped.size, index)]).toBe(outside ? -1024 : data[at(size, [x, y, z])]);
        }
        const again = new Float32Array(data.length);
        pasteInto(again, size, cropped.data, box);
        expect([...again].every((v, n) => v === data[n] || v === 0)).toBe(true);
      }),
    );
  });
});

describe("boundingBox", () => {
  it("holds every voxel of the mask and no empty border", () => {
    fc.assert(
      fc.property(masks(), ({ size, mask }) => {
        const box = boundingBox(mask, size);
        const inside = [...indices(size)].filter((index) => mask[at(size, index)]);
        if (inside.length === 0) {
          expect(box).toBeUndefined();
          return;
        }
        const axis = (a: number) => inside.map((index) => index[a]);
        expect(box?.start).toEqual([0, 1, 2].map((a) => Math.min(...axis(a))));
        expect(box?.end).toEqual([0, 1, 2].map((a) => Math.max(...axis(a)) + 1));
      }),
    );
  });

  it("grows by millimetres, rounded up to voxels", () => {
    const grown = grownBox({ start: [5, 5, 5], end: [6, 7, 8] }, 4, [1, 3, 4]);
    expect(grown).toEqual({ start: [1, 3, 4], end: [10, 9, 9] });
  });
});
