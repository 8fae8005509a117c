import type { Plane } from "../../../imaging/formats/dicom/read.ts";
import { type Geometry, resample, type Volume } from "../../../numerics/volume/index.ts";
import { cross, minus, plus, times } from "../../../numerics/volume/vector.ts";
import { type DrawnPlane, planesAt } from "./drawnPlanes.ts";
import { interpolationRemark } from "./filledMask.ts";
import type { RegionMask } from "./region.ts";
import { depthOf, type Places, planeDepths, type ScannedStack, unscanned } from "./scannedStack.ts";

/** One frame of a mask, 0 or 1. */
export interface MaskFrame {
  readonly plane: Plane;
  /** Index of its place. */
  readonly place: number;
  readonly columns: number;
  readonly rows: number;
  readonly mask: Uint8Array;
}

/**
 * Frames drawn on a stack's uneven slices, brought to its even grid by the weights the image was: each to the nearest
 * pixel, between slices interpolated.
 *
 * @param drawn places that something was drawn on, this region or another of its file
 * @returns with `kept`, mm² of all frames on the grid
 */
export function framesOnSlices(
  frames: Iterable<MaskFrame>,
  { depths }: Pick<Places, "depths">,
  drawn: ReadonlySet<number>,
  stack: ScannedStack,
): RegionMask & { readonly kept: number } {
  const { geometry } = stack;
  const [nx, ny] = geometry.size;
  let kept = 0;
  const masks = new Map<number, Uint8Array>();
  for (const frame of frames) {
    const here = onPlane(frame, geometry, depths[frame.place]);
    kept += here.reduce((sum, value) => sum + value, 0) * geometry.spacing[0] * geometry.spacing[1];
    const own = masks.get(frame.place);
    if (own) for (let n = 0; n < own.length; n++) own[n] |= here[n];
    else masks.set(frame.place, here);
  }
  const inGap = depths.map((depth) => unscanned(stack, depth, geometry.spacing[2]));
  const places = depths.flatMap((depth, place): DrawnPlane[] =>
    inGap[place] && !drawn.has(place) ? [] : [{ depth, mask: masks.get(place) }],
  );
  const { data, interpolated } = planesAt(places, planeDepths(geometry), {
    size: [nx, ny],
    spacing: [geometry.spacing[0], geometry.spacing[1]],
    tapers: ![...drawn].some((place) => inGap[place]),
  });
  return { ...geometry, data, kept, remarks: interpolationRemark(interpolated, geometry) };
}

/** A frame on the pixels of a plane of a grid; what lies outside of it is lost. */
function onPlane({ plane, columns, rows, mask }: MaskFrame, grid: Geometry, depth: number): Uint8Array {
  const normal = grid.direction[2];
  const target: Geometry = {
    ...grid,
    size: [grid.size[0], grid.size[1], 1],
    origin: plus(grid.origin, times(normal, depth)),
  };
  const off = depthOf(target, plane.position);
  const source: Volume<Uint8Array> = {
    size: [columns, rows, 1],
    spacing: [plane.spacing[0], plane.spacing[1], grid.spacing[2]],
    origin: minus(plane.position, times(normal, off)),
    direction: [plane.row, plane.column, cross(plane.row, plane.column)],
    data: mask,
  };
  return resample(source, target, { interpolation: "nearest" }).data;
}
