import fc from "fast-check";
import { expect, test } from "vitest";
import {
  indexToPatient,
  indexToPoint,
  pointToIndex,
  type Volume,
} from "../../../../src/numerics/volume/index.ts";
import { orientationOf, oriented } from "../../../../src/numerics/volume/resample/orient.ts";
import { geometry } from "../arbitrary.ts";
import { hasPython, python } from "../python.ts";

const codes = ["RAS", "LPS", "LAS", "IPL", "SRA", "ail"];

test("every voxel stays where it is in the patient", () => {
  fc.assert(
    fc.property(geometry(5), fc.constantFrom(...codes), (grid, wanted) => {
      const data = Int16Array.from({ length: grid.size.reduce((a, b) => a * b) }, (_, n) => n);
      const turned = oriented({ ...grid, data }, wanted);
      expect(orientationOf(turned)).toBe(wanted.toUpperCase());
      const [nx, ny] = turned.size;
      for (const [n, value] of turned.data.entries()) {
        const at = indexToPoint(turned, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
        const [i, j, k] = pointToIndex(grid, at).map(Math.round);
        expect(value).toBe(i + grid.size[0] * (j + grid.size[1] * k));
      }
      const back: Volume = oriented(turned, orientationOf(grid));
      expect(back.data).toEqual(data);
    }),
    { numRuns: 50 },
  );
});

test("letters that do not name three axes are refused", () => {
  const grid = fc.sample(geometry(3), 1)[0];
  const image = { ...grid, data: new Uint8Array(grid.size.reduce((a, b) => a * b)) };
  for (const wrong of ["RA", "RAR", "RASS", "XYZ", "RLS"])
    expect(() => oriented(image, wrong)).toThrow("orientation");
});

test.skipIf(!hasPython("nibabel"))("letters are nibabel's", () => {
  // Of grids turned by much more, nibabel lets the first axis choose.
  const upright = geometry(4).filter(({ direction }) =>
    direction.every((way) => Math.max(...way.map(Math.abs)) > 0.85),
  );
  const grids = fc.sample(upright, { numRuns: 60, seed: 3 });
  const affines = grids.map((grid) => {
    const { matrix: m, offset: o } = indexToPatient(grid);
    // LPS to RAS.
    return [
      [-m[0], -m[1], -m[2], -o[0]],
      [-m[3], -m[4], -m[5], -o[1]],
      [m[6], m[7], m[8], o[2]],
      [0, 0, 0, 1],
    ];
  });
  const theirs = python<string[]>(
    'import json, sys, numpy as np, nibabel\nprint(json.dumps(["".join(nibabel.aff2axcodes(np.array(a))) for a in json.load(sys.stdin)]))',
    affines,
  );
  expect(grids.map(orientationOf)).toEqual(theirs);
});
