import { indexToPoint, type Vec3, type Volume } from "../../../numerics/volume/index.ts";
import type { Pointed } from "../../../patients/study/assembled.ts";
import type { Corners } from "../run/region.ts";

/** Around what is pointed at, mm: a kidney with its lesion. */
const aroundMm = 60;

/** The part of the patient that a program looks at, corners in LPS mm. */
export function aroundPointed({ point, box }: Pointed): Corners {
  const [one, other] = point ? [point, point] : box!;
  const edge = (of: (...mm: number[]) => number, by: number): Vec3 => [
    of(one[0], other[0]) + by,
    of(one[1], other[1]) + by,
    of(one[2], other[2]) + by,
  ];
  return [edge(Math.min, -aroundMm), edge(Math.max, aroundMm)];
}

/** The same part in an image that is mirrored along i, its axes along L, P and S. */
export function mirroredCorners(grid: Volume, [one, other]: Corners): Corners {
  const sum = grid.origin[0] + indexToPoint(grid, [grid.size[0] - 1, 0, 0])[0];
  return [
    [sum - other[0], one[1], one[2]],
    [sum - one[0], other[1], other[2]],
  ];
}
