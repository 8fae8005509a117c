import { apply, indexMap } from "./geometry.ts";
import { closestAxes } from "./resample/reorient.ts";
import type { Geometry, Vec3 } from "./volume.ts";

/**
 * How far apart, in voxels, two images of one size may lie at any corner and still share one grid: more than headers
 * and their 32-bit numbers round away, and less than would move any voxel into the place of another.
 */
const roundingShare = 0.2;

const bodyAxes = ["left–right", "front–back", "head–foot"] as const;

/**
 * Whether two images share one grid: the same size, and no voxel further than `share` of a voxel, along any of its
 * axes, from its counterpart. Compares the corners, which bound every voxel between them.
 */
export function sameGeometry(a: Geometry, b: Geometry, share = roundingShare): boolean {
  return a.size.every((n, axis) => n === b.size[axis]) && farthest(a, b).voxels <= share;
}

/** What sets two grids apart, in words and mm: sizes, else how far they lie apart and along which axis, and why. */
export function gridDifference(a: Geometry, b: Geometry): string {
  const voxels = ({ size }: Geometry) => size.join(" × ");
  if (voxels(a) !== voxels(b)) return `${voxels(a)} and ${voxels(b)} voxels`;
  const { axis, voxels: share, mm } = farthest(a, b);
  if (!Number.isFinite(share)) return "a place that is not finite";
  const along = closestAxes(a).axes.indexOf(axis);
  const reasons = [`up to ${short(mm)} mm apart ${bodyAxes[along]}, ${inVoxels(share)}`];
  for (const [d, way] of bodyAxes.entries()) {
    const [p, q] = [a, b].map((g) => g.spacing[closestAxes(a).axes[d]]);
    if (Math.abs(p - q) > 1e-4 * p) reasons.push(`voxels of ${fine(p, q)} mm ${way}`);
  }
  const turn = Math.max(...a.direction.map((way, n) => degrees(way, b.direction[n])));
  if (turn > 0.05) reasons.push(`axes turned by ${turn.toFixed(1)}°`);
  return reasons.join(", ");
}

/** The greatest way, of all corners and along the axes of `a`, from a voxel of `a` to its counterpart in `b`. */
function farthest(a: Geometry, b: Geometry): { axis: number; voxels: number; mm: number } {
  const toA = indexMap(b, a);
  let found = { axis: 0, voxels: 0, mm: 0 };
  for (let corner = 0; corner < 8; corner++) {
    const at = (axis: number) => (corner & (1 << axis) ? a.size[axis] - 1 : 0);
    const index: Vec3 = [at(0), at(1), at(2)];
    const moved = apply(toA, index);
    for (const axis of [0, 1, 2]) {
      const voxels = Math.abs(moved[axis] - index[axis]);
      if (Number.isNaN(voxels)) return { axis, voxels: Infinity, mm: Infinity };
      if (voxels > found.voxels) found = { axis, voxels, mm: voxels * a.spacing[axis] };
    }
  }
  return found;
}

function degrees(u: Vec3, v: Vec3): number {
  const [x, y, z] = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  return (Math.atan2(Math.hypot(x, y, z), u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) * 180) / Math.PI;
}

function inVoxels(share: number): string {
  if (share < 0.995) return `${short(share)} of a voxel`;
  return `${short(share)} ${short(share) === "1" ? "voxel" : "voxels"}`;
}

/** Two digits, whole from 10 on. */
const short = (x: number): string => (x >= 10 ? x.toFixed(0) : String(+x.toPrecision(2)));

/** Two lengths with as many digits as set them apart. */
function fine(p: number, q: number): string {
  const digits = [2, 3, 4, 5].find((n) => p.toFixed(n) !== q.toFixed(n)) ?? 6;
  return `${p.toFixed(digits)} and ${q.toFixed(digits)}`;
}
