import { random } from "../../../src/base/random.ts";
import type { Vec3, Volume } from "../../../src/numerics/volume/index.ts";

/** A change of a mask's labels that no anatomy explains. */
export type Fault = (mask: Volume<Uint8Array>, seed: number) => Volume<Uint8Array>;

const edited = (mask: Volume<Uint8Array>, change: (label: number, n: number) => number) => ({
  ...mask,
  data: mask.data.map(change),
});

const placeOf = ({ size: [nx, ny] }: Volume, n: number): Vec3 => [
  n % nx,
  Math.floor(n / nx) % ny,
  Math.floor(n / (nx * ny)),
];

/** How far two voxels lie apart, mm. */
function apart(mask: Volume, n: number, m: number): number {
  const [p, q] = [placeOf(mask, n), placeOf(mask, m)];
  return Math.hypot(...mask.spacing.map((mm, a) => mm * (p[a] - q[a])));
}

/** A ball of a label set to nothing, about a voxel that lies `radius` mm and a voxel deep in it, or as deep as any does. */
export function hole(label: number, radius: number): Fault {
  return (mask, seed) => {
    const { uniform } = random(seed);
    const own = [...mask.data.keys()].filter((n) => mask.data[n] === label);
    const rim = own.filter((n) => neighbors(mask, n).some((m) => mask.data[m] !== label));
    const tries = Array.from({ length: 12 }, () => own[Math.floor(uniform() * own.length)]);
    const deepest = Math.max(...mask.spacing);
    const depth = (n: number) => rim.reduce((least, m) => Math.min(least, apart(mask, n, m)), Infinity);
    const center = tries.map((n) => [n, depth(n)] as const);
    const deep = center.find(([, d]) => d > radius + deepest) ?? center.toSorted((a, b) => b[1] - a[1])[0];
    return edited(mask, (l, n) =>
      l === label && apart(mask, n, deep[0]) <= radius && !rim.includes(n) ? 0 : l,
    );
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
    return edited(mask, (l) => (l === label && uniform() < share ? 0 : l));
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
    const own = [...mask.data.keys()].filter((n) => mask.data[n] === label);
    const middle = [0, 1, 2].map((a) =>
      Math.round(own.reduce((sum, n) => sum + placeOf(mask, n)[a], 0) / own.length),
    );
    const on = (n: number) => placeOf(mask, n).every((at, a) => a === axis || at === middle[a]);
    return edited(mask, (l, n) => (l === label && on(n) ? 0 : l));
  };

export const both =
  (...faults: readonly Fault[]): Fault =>
  (mask, seed) =>
    faults.reduce((m, fault, n) => fault(m, seed + n), mask);
