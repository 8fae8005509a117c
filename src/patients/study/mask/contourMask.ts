import { TrinephronError } from "../../../base/errors.ts";
import type { Contour } from "../../../imaging/formats/dicom/read.ts";
import { depthGroups, usualDistance } from "../../../imaging/formats/dicom/regions/depthGroups.ts";
import {
  flatContours,
  isFlat,
  planesBetween,
  rasterizeFlat,
} from "../../../imaging/formats/dicom/regions/rasterize.ts";
import {
  apply,
  type Geometry,
  indexToPoint,
  patientToIndex,
  type Vec3,
} from "../../../numerics/volume/index.ts";
import { cross, dot, minus, plus, times, unit } from "../../../numerics/volume/vector.ts";
import { contourRemarks } from "./contourRemarks.ts";
import { contoursOnSlices } from "./contoursOnSlices.ts";
import { filledMask } from "./filledMask.ts";
import type { RegionMask } from "./region.ts";
import { planeDepths, type ScannedStack } from "./scannedStack.ts";

/** No structure is larger; contours that lead to more voxels are not believed. */
const mostVoxels = 2 ** 30;

interface ContourMaskOptions {
  /** Those the contours may have been drawn on: the study's stacks of their series, or that of the reference. */
  readonly stacks?: readonly ScannedStack[];
  /** Contours of the same file's other regions: where they are, this region could have been drawn too. */
  readonly others?: readonly Contour[];
}

/**
 * Contours as a mask: on the grid of a stack whose slices are missing or uneven where they were drawn on that, so that
 * what the image was interpolated by interpolates them; else on the reference's grid where its slices are those the
 * contours were drawn on, else on a grid whose slices are the contours' planes and whose pixels are as fine as the
 * reference's.
 *
 * @param name names the contours in errors
 * @throws E_GEOMETRY where the contours are not parallel to each other, enclose nothing or reach too far
 */
export function contourMask(
  contours: readonly Contour[],
  reference: Geometry,
  name: string,
  { stacks = [], others = contours }: ContourMaskOptions = {},
): RegionMask {
  const repaired = stacks.filter(({ even }) => !even);
  const even: ScannedStack = {
    series: undefined,
    geometry: reference,
    depths: planeDepths(reference),
    even: true,
  };
  for (const stack of [...repaired, even]) {
    const found = contoursOnSlices(contours, others, stack, name);
    if (found) return found;
  }
  const onReference = drawnOn(contours, reference);
  const grid = onReference ? reference : contourGrid(contours, reference, name);
  const laid = flatContours(contours, grid, name);
  const { mask, faults } = rasterizeFlat(laid, grid);
  const drawn = new Set(laid.map(({ depth }) => Math.round(depth)));
  const filled = filledMask({ ...grid, data: mask }, drawn, repaired[0]);
  return {
    ...filled,
    remarks: [
      ...(filled.remarks ?? []),
      ...contourRemarks(faults, laid),
      ...planesLeftOut(contours, reference),
    ],
  };
}

/** A remark where the reference has no slice for some contours. */
export function planesLeftOut(contours: readonly Contour[], reference: Geometry): string[] {
  if (!drawnOn(contours, reference)) return [];
  const { left, of } = planesBetween(contours, reference);
  return left > 0 ? [`${left} of ${of} planes of contours lie between or beyond the slices, left out`] : [];
}

/** Whether contours lie within slices, and no slice between two of them is left out. */
function drawnOn(contours: readonly Contour[], reference: Geometry): boolean {
  if (!contours.every((contour) => isFlat(contour, reference))) return false;
  const middle = flatContours(contours, reference, "contours").map(({ depth }) => depth);
  return usualDistance(depthGroups(middle, 1).map(({ depth }) => depth)) <= 1.25;
}

/** Slices in the contours' planes, around all of them. */
function contourGrid(contours: readonly Contour[], reference: Geometry, name: string): Geometry {
  const pixel = Math.min(...reference.spacing);
  const normal = commonNormal(contours, name);
  const across = Math.abs(dot(reference.direction[0], normal)) < 0.9 ? 0 : 1;
  const column = unit(cross(normal, reference.direction[across]));
  const axes: Geometry = {
    size: [1, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [cross(column, normal), column, normal],
  };
  const [across0, down0, depth0] = [0, 1, 2].map((axis) => {
    const extents = contours.map((contour) => extent(contour, axes, axis));
    return extents.reduce(([a, b], [low, high]) => [Math.min(a, low), Math.max(b, high)]);
  });
  const depths = contours.map((contour) => extent(contour, axes, 2)[0]);
  const planes = depthGroups(depths, Math.max(pixel, 1)).map(({ depth }) => depth);
  const step = usualDistance(planes) || reference.spacing[2];
  const pixels = ([low, high]: readonly [number, number]) => Math.max(1, Math.ceil((high - low) / pixel));
  const size: Vec3 = [pixels(across0), pixels(down0), Math.round((depth0[1] - depth0[0]) / step) + 1];
  if (!(size[0] * size[1] * size[2] <= mostVoxels))
    throw new TrinephronError("E_GEOMETRY", `${name}: contours over ${size.join(" × ")} voxels`);
  return {
    size,
    spacing: [pixel, pixel, step],
    origin: indexToPoint(axes, [across0[0] + pixel / 2, down0[0] + pixel / 2, depth0[0]]),
    direction: axes.direction,
  };
}

/** Least and greatest index of a contour's points along an axis of a grid. */
function extent(contour: Contour, grid: Geometry, axis: number): [low: number, high: number] {
  const toIndex = patientToIndex(grid);
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n < contour.length; n += 3) {
    const at = apply(toIndex, [contour[n], contour[n + 1], contour[n + 2]])[axis];
    low = Math.min(low, at);
    high = Math.max(high, at);
  }
  return [low, high];
}

/** Of the contour with the largest area, towards the head where it can be. */
function commonNormal(contours: readonly Contour[], name: string): Vec3 {
  const areas = contours.map(areaOf);
  const [largest] = areas.toSorted((a, b) => dot(b, b) - dot(a, a));
  if (!(dot(largest, largest) > 0))
    throw new TrinephronError("E_GEOMETRY", `${name}: contours that enclose nothing`);
  return unit(largest[2] < 0 ? times(largest, -1) : largest);
}

/** Twice the area along the normal, by Newell's method. */
function areaOf(contour: Contour): Vec3 {
  const point = (n: number): Vec3 => [contour[3 * n], contour[3 * n + 1], contour[3 * n + 2]];
  let sum: Vec3 = [0, 0, 0];
  for (let n = 1; n + 1 < contour.length / 3; n++)
    sum = plus(sum, cross(minus(point(n), point(0)), minus(point(n + 1), point(0))));
  return sum;
}
