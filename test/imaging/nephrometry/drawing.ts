import { random } from "../../../src/base/random.ts";
import type { Vec3, Volume } from "../../../src/numerics/volume/index.ts";

/** A change of a mask's labels that no anatomy explains. */
export type Fault = (mask: Volume<Uint8Array>, seed: number) => Volume<Uint8Array>;

/** The mask with some of a label's voxels set to nothing. */
function without(mask: Volume<Uint8Array>, label: number, taken: (n: number) => boolean): Volume<Uint8Array> {
  const data = mask.data.slice();
  for (const n of voxelsOf(mask, label)) if (taken(n)) data[n] = 0;
  return { ...mask, data };
}

/** Indices of a label's voxels, in order. */
function voxelsOf({ data }: Volume<Uint8Array>, label: number): number[] {
  const found: number[] = [];
  for (let n = data.indexOf(label); n >= 0; n = data.indexOf(label, n + 1)) found.push(n);
  return found;
}

const placeOf = ({ size: [nx, ny] }: Volume, n: number): Vec3 => [
  n % nx,
  Math.floor(n / nx) % ny,
  Math.floor(n / (nx * ny)),
];

/** How far two voxels lie apart, mm. */
function apart(mask: Volume, n: number, m: number): number {
  const [p, q] = [placeOf(mask, n), placeOf(mask, m)];
  const [x, y, z] = mask.spacing;
  return Math.hypot(x * (p[0] - q[0]), y * (p[1] - q[1]), z * (p[2] - q[2]));
}

/** A ball of a label set to nothing, about a voxel that lies `radius` mm and a voxel deep in it, or as deep as any does. */
export function hole(label: number, radius: number): Fault {
  return (mask, seed) => {
    const { uniform } = random(seed);
    const own = voxelsOf(mask, label);
    const rim = new Set(own.filter((n) => neighbors(mask, n).some((m) => mask.data[m] !== label)));
    const deepest = Math.max(...mask.spacing);
    const depth = (n: number) => {
      let least = Infinity;
      for (const m of rim) least = Math.min(least, apart(mask, n, m));
      return least;
    };
    let [center, deep] = [-1, -1];
    for (let tries = 0; tries < 12 && deep <= radius + deepest; tries++) {
      const n = own[Math.floor(uniform() * own.length)];
      const d = depth(n);
      if (d > deep) [center, deep] = [n, d];
    }
    return without(mask, label, (n) => apart(mask, n, center) <= radius && !rim.has(n));
  };
}

const neighbors = ({ size: [nx, ny] }: Volume, n: number) => [
  n - 1,
  n + 1,
  n - nx,
  n + nx,
  n - nx * ny,
  n + nx * ny,
];

/** Single voxels of a label set to nothing. */
export const pepper =
  (label: number, share: number): Fault =>
  (mask, seed) => {
    const { uniform } = random(seed);
    return without(mask, label, () => uniform() < share);
  };

/** Single voxels of tumour far from any label: no other within two voxels. */
export const salt =
  (count: number): Fault =>
  (mask, seed) => {
    const { uniform } = random(seed);
    const data = mask.data.slice();
    const [nx, ny, nz] = mask.size;
    for (let placed = 0; placed < count; ) {
      const [i, j, k] = [nx, ny, nz].map((n) => 3 + Math.floor(uniform() * (n - 6)));
      const free = [-2, -1, 0, 1, 2].every((c) =>
        [-2, -1, 0, 1, 2].every((b) =>
          [-2, -1, 0, 1, 2].every((a) => data[i + a + nx * (j + b + ny * (k + c))] === 0),
        ),
      );
      if (!free) continue;
      data[i + nx * (j + ny * k)] = 2;
      placed++;
    }
    return { ...mask, data };
  };

/** A tunnel of one voxel from one side of the tumour to the other, through its middle, along an axis. */
export const tunnel =
  (label: number, axis: 0 | 1 | 2): Fault =>
  (mask) => {
    const own = voxelsOf(mask, label);
    const middle = [0, 1, 2].map((a) =>
      Math.round(own.reduce((sum, n) => sum + placeOf(mask, n)[a], 0) / own.length),
    );
    return without(mask, label, (n) => placeOf(mask, n).every((at, a) => a === axis || at === middle[a]));
  };

export const both =
  (...faults: readonly Fault[]): Fault =>
  (mask, seed) =>
    faults.reduce((m, fault, n) => fault(m, seed + n), mask);
