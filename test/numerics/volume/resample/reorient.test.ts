import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexToPoint, pointToIndex, reorient, type Volume } from "../../../../src/numerics/volume/index.ts";
import { at, geometry as geometries, indices } from "../arbitrary.ts";

/** A volume whose every voxel has a value of its own. */
const numbered = (geometry: Omit<Volume, "data">): Volume<Int32Array> => ({
  ...geometry,
  data: Int32Array.from({ length: geometry.size.reduce((a, b) => a * b) }, (_, n) => n),
});

describe("reorient", () => {
  it("leaves every value where it lies in the patient", () => {
    fc.assert(
      fc.property(geometries(), (geometry) => {
        const before = numbered(geometry);
        const after = reorient(before);
        for (const index of indices(after.size)) {
          const source = pointToIndex(before, indexToPoint(after, index));
          const nearest = source.map(Math.round) as [number, number, number];
          expect(source.every((v, a) => Math.abs(v - nearest[a]) < 1e-6)).toBe(true);
          expect(after.data[at(after.size, index)]).toBe(before.data[at(before.size, nearest)]);
        }
      }),
    );
  });

  it("makes i, j, k run nearest to L, P, S", () => {
    fc.assert(
      fc.property(geometries(), (geometry) => {
        const { direction: u } = reorient(numbered(geometry));
        const trace = u[0][0] + u[1][1] + u[2][2];
        expect(u.every((axis, d) => axis[d] >= 0)).toBe(true);
        const others = [
          [0, 2, 1],
          [1, 0, 2],
          [1, 2, 0],
          [2, 0, 1],
          [2, 1, 0],
        ];
        for (const [a, b, c] of others)
          expect(trace).toBeGreaterThanOrEqual(
            Math.abs(u[a][0]) + Math.abs(u[b][1]) + Math.abs(u[c][2]) - 1e-9,
          );
      }),
    );
  });

  it("turns the I, P, L order of KiTS into L, P, S", () => {
    const kits = numbered({
      size: [40, 30, 35],
      spacing: [3, 0.8, 0.7],
      origin: [0, 0, 0],
      direction: [
        [0, 0, -1],
        [0, 1, 0],
        [1, 0, 0],
      ],
    });
    const { size, spacing, origin, data } = reorient(kits);
    expect({ size, spacing, origin }).toEqual({
      size: [35, 30, 40],
      spacing: [0.7, 0.8, 3],
      origin: [0, 0, -117],
    });
    for (const [i, j, k] of indices(size))
      if (data[at(size, [i, j, k])] !== kits.data[at(kits.size, [39 - k, j, i])])
        expect.fail(`${i} ${j} ${k}`);
  });

  it("does nothing to a volume that runs that way already", () => {
    const volume = reorient(
      numbered({
        size: [2, 3, 4],
        spacing: [1, 1, 1],
        origin: [0, 0, 0],
        direction: [
          [0, 1, 0],
          [1, 0, 0],
          [0, 0, -1],
        ],
      }),
    );
    expect(reorient(volume)).toBe(volume);
  });
});
