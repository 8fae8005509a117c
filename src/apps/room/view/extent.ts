import { type Geometry, indexToPoint, type Vec3 } from "../../../numerics/volume/index.ts";

/** A box along L, P and S, mm. */
export interface Extent {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** The box around volumes, to the borders of their outer voxels. */
export function extentOf(volumes: readonly Geometry[]): Extent {
  const corners = volumes.flatMap((volume) =>
    Array.from({ length: 8 }, (_, c) =>
      indexToPoint(
        volume,
        [0, 1, 2].map((a) => ((c >> a) & 1 ? volume.size[a] - 0.5 : -0.5)) as unknown as Vec3,
      ),
    ),
  );
  const bound = (of: (...values: number[]) => number): Vec3 =>
    [0, 1, 2].map((axis) => of(...corners.map((corner) => corner[axis]))) as unknown as Vec3;
  return { low: bound(Math.min), high: bound(Math.max) };
}

export const middleOf = ({ low, high }: Extent): Vec3 =>
  low.map((mm, axis) => (mm + high[axis]) / 2) as unknown as Vec3;

/** A point, moved into the box where it lies outside. */
export const within = ({ low, high }: Extent, point: Vec3): Vec3 =>
  point.map((mm, axis) => Math.min(Math.max(mm, low[axis]), high[axis])) as unknown as Vec3;
