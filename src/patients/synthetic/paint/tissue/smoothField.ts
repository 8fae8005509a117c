import { type Random, random } from "../../../../base/random.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";

/** ∫B² of the quadratic B-spline is 11/20 along each axis: what a lattice of unit variance keeps, on average. */
export const splineGain = 1 / Math.sqrt((11 / 20) ** 3);

/**
 * A random field that varies over about `cell` mm: a lattice of normal draws joined by quadratic B-splines.
 * Mean 0, standard deviation about 1 (over many cells).
 *
 * @param size voxels along i, j, k
 * @param spacing mm along i, j, k
 * @param cell lattice distance, mm, along all axes or along each
 */
export function smoothField(size: Vec3, spacing: Vec3, cell: number | Vec3, r: Random): Float32Array {
  const cells = typeof cell === "number" ? [cell, cell, cell] : cell;
  const taps = [0, 1, 2].map((a) => {
    const step = spacing[a] / cells[a];
    return { ...splineTaps(size[a], (i) => i * step), knots: Math.ceil(size[a] * step) + 3 };
  }) as unknown as SplineAxes;
  const lattice = new Float32Array(taps[0].knots * taps[1].knots * taps[2].knots);
  const draws = random(r.integer(0x7fffffff));
  for (let n = 0; n < lattice.length; n++) lattice[n] = splineGain * draws.normal();
  return joinLattice(size, taps, lattice);
}

/** The three quadratic B-splines that reach each voxel along one axis, and the lattice knots they belong to. */
interface SplineTaps {
  readonly knots: number;
  /** Lattice index of knot 0. */
  readonly start: number;
  readonly first: Int32Array;
  readonly w0: Float32Array;
  readonly w1: Float32Array;
  readonly w2: Float32Array;
}
export type SplineAxes = readonly [SplineTaps, SplineTaps, SplineTaps];

/** Taps of `n` voxels, of which voxel i lies at `at(i)` lattice steps; `at` rises with i. */
export function splineTaps(n: number, at: (i: number) => number): SplineTaps {
  const start = Math.floor(at(0));
  const first = new Int32Array(n);
  const [w0, w1, w2] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  for (let i = 0; i < n; i++) {
    const t = at(i);
    const f = t - Math.floor(t);
    first[i] = Math.floor(t) - start;
    w0[i] = 0.5 * (1 - f) ** 2;
    w1[i] = 0.5 + f * (1 - f);
    w2[i] = 0.5 * f * f;
  }
  return { knots: first[n - 1] + 3, start, first, w0, w1, w2 };
}

/** Values of a lattice, x fastest, at each voxel. */
export function joinLattice([nx, ny]: Vec3, [x, y, z]: SplineAxes, lattice: Float32Array): Float32Array {
  const alongX = new Float32Array(nx * y.knots * z.knots);
  for (let row = 0; row < y.knots * z.knots; row++) {
    const from = row * x.knots;
    for (let i = 0, n = row * nx; i < nx; i++, n++) {
      const at = from + x.first[i];
      alongX[n] = x.w0[i] * lattice[at] + x.w1[i] * lattice[at + 1] + x.w2[i] * lattice[at + 2];
    }
  }
  const alongY = rows(alongX, z.knots, y.knots, nx, y);
  return rows(alongY, 1, z.knots, nx * ny, z);
}

function rows(
  input: Float32Array,
  outer: number,
  knots: number,
  inner: number,
  taps: SplineTaps,
): Float32Array {
  const count = taps.first.length;
  const output = new Float32Array(outer * count * inner);
  for (let o = 0; o < outer; o++)
    for (let m = 0; m < count; m++) {
      const a = (o * knots + taps.first[m]) * inner;
      const to = (o * count + m) * inner;
      const [p, q, s] = [taps.w0[m], taps.w1[m], taps.w2[m]];
      for (let i = 0; i < inner; i++)
        output[to + i] = p * input[a + i] + q * input[a + inner + i] + s * input[a + 2 * inner + i];
    }
  return output;
}
