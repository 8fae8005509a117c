import { TrinephronError } from "../../../../base/errors.ts";
import { type AffineMap, apply, patientToIndex } from "../../../../numerics/volume/geometry.ts";
import type { Geometry } from "../../../../numerics/volume/volume.ts";
import { depthGroups } from "./depthGroups.ts";
import { alike, allFaults, fillPolygons, type Polygon, type PolygonFaults } from "./polygons.ts";
import type { Contour } from "./structureSet.ts";

/** A contour that rises through more slices than this is not drawn in the plane of the slices. */
const flatness = 0.5;
/** Contours no further from a slice than this lie in it, in slices. */
const inSlice = 0.25;
/** What lies further apart is hardly rounding, in slices. */
const rounding = 0.1;

/**
 * Contours as a mask: a voxel is 1 where a line from its centre crosses the contours of its plane an odd number of
 * times, so that inner contours are holes and keyholes close. A slice takes the nearest plane of contours within half a
 * slice.
 *
 * @param name names the contours in errors
 * @throws E_GEOMETRY where a contour is not parallel to the slices
 */
export const rasterize = (
  contours: readonly Contour[],
  geometry: Geometry,
  name = "contours",
): Uint8Array<ArrayBuffer> => rasterizeFlat(flatContours(contours, geometry, name), geometry).mask;

/** As {@link rasterize}, with what was unusual. */
export function rasterizeFlat(
  contours: readonly FlatContour[],
  { size: [nx, ny, nz] }: Geometry,
): { mask: Uint8Array<ArrayBuffer>; faults: PolygonFaults } {
  const mask = new Uint8Array(nx * ny * nz);
  const planes = planesOf(contours, ny);
  const faults: PolygonFaults[] = [];
  for (let slice = 0; slice < nz; slice++) {
    const plane = nearest(planes, slice);
    if (!plane) continue;
    const pixels = mask.subarray(slice * nx * ny, (slice + 1) * nx * ny);
    faults.push(fillPolygons(pixels, [nx, ny], plane.polygons));
  }
  return { mask, faults: allFaults(faults) };
}

/** A contour in the pixels of a grid. */
export interface FlatContour {
  /** In slices, of its middle; fractional. */
  readonly depth: number;
  /** How many slices its points rise through. */
  readonly rise: number;
  readonly polygon: Polygon;
}

/** Whether a contour is parallel to the slices of a grid, but for less than half of their distance. */
export const isFlat = (contour: Contour, geometry: Geometry): boolean =>
  laid(contour, patientToIndex(geometry)).rise <= flatness;

/**
 * Contours laid flat in the slices of a grid.
 * @param name names the contours in errors
 * @throws E_GEOMETRY where a contour is not parallel to the slices
 */
export function flatContours(contours: readonly Contour[], geometry: Geometry, name: string): FlatContour[] {
  const toIndex = patientToIndex(geometry);
  return contours.map((contour) => {
    const flat = laid(contour, toIndex);
    if (flat.rise > flatness)
      throw new TrinephronError(
        "E_GEOMETRY",
        `${name}: a contour through ${flat.rise.toFixed(1)} slices`,
        "contours must be parallel to the slices",
      );
    return flat;
  });
}

function laid(contour: Contour, toIndex: AffineMap): FlatContour {
  const polygon = new Float64Array((contour.length / 3) * 2);
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n < contour.length / 3; n++) {
    const [i, j, k] = apply(toIndex, [contour[3 * n], contour[3 * n + 1], contour[3 * n + 2]]);
    polygon.set([i, j], 2 * n);
    low = Math.min(low, k);
    high = Math.max(high, k);
  }
  return { depth: (low + high) / 2, rise: high - low, polygon };
}

interface ContourPlane {
  /** In slices; fractional. */
  readonly depth: number;
  readonly polygons: readonly Polygon[];
}

/** Planes of contours that are no slice's nearest: they lie between the slices, or above or below them. */
export function planesBetween(
  contours: readonly Contour[],
  geometry: Geometry,
): { left: number; of: number } {
  const planes = planesOf(flatContours(contours, geometry, "contours"), geometry.size[1]);
  const taken = new Set(Array.from({ length: geometry.size[2] }, (_, slice) => nearest(planes, slice)));
  return { left: planes.filter((plane) => !taken.has(plane)).length, of: planes.length };
}

/** Contours that all lie in slices are those slices'; others are told apart by their depths alone. */
function planesOf(contours: readonly FlatContour[], ny: number): ContourPlane[] {
  const depths = contours.map(({ depth }) => depth);
  const rounded = depths.map((depth) => Math.round(depth));
  const onSlices = depths.every((depth, n) => Math.abs(depth - rounded[n]) <= inSlice);
  return depthGroups(onSlices ? rounded : depths, 1).flatMap(({ depth, members }) =>
    rivals(
      members.map((n) => contours[n]),
      depth,
      ny,
    ),
  );
}

/**
 * The contours of one plane, and as planes of their own those that lie further from it and would cancel them out: one
 * structure drawn twice, a little apart.
 */
export function rivals(contours: readonly FlatContour[], depth: number, ny: number): ContourPlane[] {
  const planes: { depth: number; members: FlatContour[] }[] = [];
  const distance = (contour: FlatContour) => Math.abs(contour.depth - depth);
  for (const contour of contours.toSorted((a, b) => distance(a) - distance(b))) {
    const fits = planes.find(({ members }) =>
      members.every(
        (member) =>
          Math.abs(member.depth - contour.depth) <= rounding || !alike(member.polygon, contour.polygon, ny),
      ),
    );
    if (fits) fits.members.push(contour);
    else planes.push({ depth: planes.length === 0 ? depth : contour.depth, members: [contour] });
  }
  return planes.map((plane) => ({
    depth: plane.depth,
    polygons: plane.members.map(({ polygon }) => polygon),
  }));
}

/** Ties go to the lower plane, so that every plane halfway between slices fills one of them. */
function nearest(planes: readonly ContourPlane[], slice: number): ContourPlane | undefined {
  let best: ContourPlane | undefined;
  for (const plane of planes) {
    const distance = Math.abs(plane.depth - slice);
    if (plane.depth >= slice - 0.5 && plane.depth < slice + 0.5)
      if (!best || distance < Math.abs(best.depth - slice)) best = plane;
  }
  return best;
}
