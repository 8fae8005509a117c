import type { Geometry, Volume } from "../../../numerics/volume/index.ts";
import { indexToPoint } from "../../../numerics/volume/index.ts";
import { cross, unit } from "../../../numerics/volume/vector.ts";
import { type DrawnPlane, planesAt } from "./drawnPlanes.ts";
import type { RegionMask } from "./region.ts";
import { depthOf, parallel, type ScannedStack, unscanned } from "./scannedStack.ts";

/**
 * A mask whose planes without a slice in the stack, and without anything drawn, are interpolated between their
 * neighbours, as the image there is.
 *
 * @param drawn planes that something was drawn on, this region or another of its file
 * @param tapers whether an end may lie in a gap; never where something was drawn in gaps
 */
export function filledMask(
  mask: Volume<Uint8Array>,
  drawn: ReadonlySet<number>,
  stack: ScannedStack | undefined,
  tapers = true,
): RegionMask {
  const { size, spacing, direction } = mask;
  const normal = unit(cross(direction[0], direction[1]));
  if (!stack || stack.even || !parallel(normal, stack.geometry.direction[2])) return mask;
  const depths = Array.from({ length: size[2] }, (_, k) =>
    depthOf(stack.geometry, indexToPoint(mask, [0, 0, k])),
  );
  const open = depths.map((depth) => unscanned(stack, depth, spacing[2]));
  if (!open.some((gap, k) => gap && !drawn.has(k))) return mask;
  const area = size[0] * size[1];
  const places = open.flatMap((gap, k): DrawnPlane[] =>
    gap && !drawn.has(k) ? [] : [{ depth: k * spacing[2], mask: planeOf(mask.data, k, area) }],
  );
  if (places.length === 0) return mask;
  const { data, interpolated } = planesAt(
    places,
    open.map((_, k) => k * spacing[2]),
    {
      size: [size[0], size[1]],
      spacing: [spacing[0], spacing[1]],
      tapers: tapers && !open.some((gap, k) => gap && drawn.has(k)),
    },
  );
  const onStack = interpolated.map((k) => Math.round(depths[k] / stack.geometry.spacing[2]));
  return { ...mask, data, remarks: interpolationRemark(onStack, stack.geometry) };
}

const planeOf = (data: Uint8Array, k: number, area: number): Uint8Array | undefined => {
  const plane = data.subarray(k * area, (k + 1) * area);
  return plane.some((value) => value !== 0) ? plane : undefined;
};

/** @param at planes of the grid, from 0 */
export function interpolationRemark(at: readonly number[], { size }: Geometry): string[] {
  const planes = [...new Set(at)].sort((a, b) => a - b);
  if (planes.length === 0) return [];
  const slices =
    planes.length === 1
      ? "1 slice without an image of its own"
      : `${planes.length} slices without images of their own`;
  return [
    `${slices} (${ranges(planes)} of ${size[2]}): the mask there is interpolated between its neighbours`,
  ];
}

/** `3–5, 8`, counted from 1. */
export function ranges(planes: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const plane of planes) {
    const run = runs.at(-1);
    if (run && plane === run[1] + 1) run[1] = plane;
    else runs.push([plane, plane]);
  }
  return runs
    .map(([first, last]) => (first === last ? `${first + 1}` : `${first + 1}–${last + 1}`))
    .join(", ");
}
