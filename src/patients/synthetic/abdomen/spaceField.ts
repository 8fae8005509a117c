import type { Geometry, Vec3 } from "../../../numerics/volume/index.ts";
import { normalLevel } from "../paint/scanner/normalLevel.ts";
import { joinLattice, type SplineAxes, splineGain, splineTaps } from "../paint/tissue/smoothField.ts";

/** Well-mixed 32 bits of a seed and a place on an integer grid. */
export function hashed(seed: number, i: number, j: number, k: number): number {
  let h = seed ^ Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca77) ^ Math.imul(k, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/**
 * A random field as `smoothField` draws it, but fixed in space: its lattice is anchored at LPS (0, 0, 0) and each knot
 * follows from the seed and its own place, so that two overlapping grids see the same field.
 * Mean 0, standard deviation about 1.
 *
 * @param cell lattice distance, mm
 */
export function spaceField({ size, spacing, origin }: Geometry, cell: number, seed: number): Float32Array {
  const taps = [0, 1, 2].map((a) =>
    splineTaps(size[a], (i) => (origin[a] + i * spacing[a]) / cell),
  ) as unknown as SplineAxes;
  const [x, y, z] = taps;
  const lattice = new Float32Array(x.knots * y.knots * z.knots);
  for (let k = 0, n = 0; k < z.knots; k++)
    for (let j = 0; j < y.knots; j++)
      for (let i = 0; i < x.knots; i++, n++)
        lattice[n] = splineGain * normalLevel(hashed(seed, x.start + i, y.start + j, z.start + k));
  return joinLattice(size, taps, lattice);
}

/** The same field at one point, LPS mm. */
export function spaceFieldAt(point: Vec3, cell: number, seed: number): number {
  const first = point.map((p) => Math.floor(p / cell));
  const weights = point.map((p, a) => {
    const f = p / cell - first[a];
    return [0.5 * (1 - f) ** 2, 0.5 + f * (1 - f), 0.5 * f * f];
  });
  let sum = 0;
  for (let k = 0; k < 3; k++)
    for (let j = 0; j < 3; j++)
      for (let i = 0; i < 3; i++)
        sum +=
          weights[0][i] *
          weights[1][j] *
          weights[2][k] *
          normalLevel(hashed(seed, first[0] + i, first[1] + j, first[2] + k));
  return splineGain * sum;
}
