import { indexToPoint, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";
import type { Result } from "./outcome.ts";

/** By how much results may differ and still be the same. */
export interface Tolerance {
  /** Of a corner of the grid, mm. */
  readonly mm: number;
  readonly hu: number;
  /** Voxels of the mask with another label. */
  readonly voxels: number;
}

export const exact: Tolerance = { mm: 0.01, hu: 0, voxels: 0 };

/** Volumes that differ by no more are the same: distances between voxels are rounded in headers. */
const share = 0.003;

/** What differs, a line each; none where results are the same. */
export function differences(right: Result, result: Result, tolerance: Tolerance): string[] {
  const said: string[] = [];
  const names = (phases: Result["phases"]) => Object.keys(phases).sort().join();
  if (names(right.phases) !== names(result.phases)) said.push(`phases ${names(result.phases)}`);
  for (const [phase, volume] of Object.entries(right.phases)) {
    const other = result.phases[phase];
    if (other) said.push(...ofVolumes(phase, volume, other, tolerance.mm, tolerance.hu));
  }
  if (!right.mask !== !result.mask) said.push(result.mask ? "a mask" : "no mask");
  if (right.mask && result.mask) said.push(...ofMasks(right, result, tolerance));
  for (const key of new Set([...Object.keys(right.identity), ...Object.keys(result.identity)])) {
    const [own, other] = [right, result].map(({ identity }) => JSON.stringify(identity[key]));
    if (own !== other) said.push(`identity: ${key} ${other}, not ${own}`);
  }
  return said;
}

function ofVolumes(name: string, right: Volume, other: Volume, mm: number, hu: number): string[] {
  const off = gridOff(right, other);
  if (!(off <= mm)) return [`${name}: a grid ${off.toFixed(3)} mm off`];
  let most = 0;
  for (let n = 0; n < right.data.length; n++) most = Math.max(most, Math.abs(right.data[n] - other.data[n]));
  return most <= hu ? [] : [`${name}: ${most} HU off`];
}

function ofMasks(right: Result, result: Result, { mm, voxels }: Tolerance): string[] {
  const [mask, other] = [right.mask!, result.mask!];
  const off = gridOff(mask, other);
  if (!(off <= mm)) return [`mask: a grid ${off.toFixed(3)} mm off`];
  const changed = mask.data.reduce((sum, label, n) => sum + (label === other.data[n] ? 0 : 1), 0);
  const said = changed <= voxels ? [] : [`mask: ${changed} voxels of another label`];
  for (const label of [1, 2, 3]) {
    const [own, read] = [right, result].map(({ parts }) => parts[label] ?? { ml: 0, pieces: 0 });
    const same = voxels > 0 || (own.pieces === read.pieces && Math.abs(own.ml - read.ml) <= share * own.ml);
    if (!same) said.push(`mask: label ${label} of ${read.ml.toFixed(3)} mL in ${read.pieces} pieces`);
  }
  return said;
}

/** Of the corners furthest apart, mm; infinite for other sizes. */
function gridOff(a: Volume, b: Volume): number {
  if (a.size.some((n, axis) => n !== b.size[axis])) return Infinity;
  const ends = [0, 1];
  const corners = ends.flatMap((i) => ends.flatMap((j) => ends.map((k): Vec3 => [i, j, k])));
  return Math.max(
    ...corners.map((corner) => {
      const at = corner.map((end, axis) => end * (a.size[axis] - 1)) as unknown as Vec3;
      const [p, q] = [indexToPoint(a, at), indexToPoint(b, at)];
      return Math.hypot(...p.map((mm, axis) => mm - q[axis]));
    }),
  );
}
