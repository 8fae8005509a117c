import { TrinephronError } from "../../../../base/errors.ts";
import { apply, patientToIndex } from "../../../../numerics/volume/geometry.ts";
import type { Geometry } from "../../../../numerics/volume/volume.ts";
import type { Contour } from "./structureSet.ts";

/** A contour that rises through more slices than this is not drawn in the plane of the slices. */
const flatness = 0.5;
/** Contours no further apart than this lie in one plane, in slices. */
const samePlane = 1e-3;

/**
 * Contours as a mask: a voxel is 1 where a line from its centre crosses the contours of its plane an odd number of
 * times, so that inner contours are holes and keyholes close. A slice takes the nearest plane of contours within half a
 * slice.
 *
 * @param name names the contours in errors
 * @throws E_GEOMETRY where a contour is not parallel to the slices
 */
export function rasterize(
  contours: readonly Contour[],
  geometry: Geometry,
  name = "contours",
): Uint8Array<ArrayBuffer> {
  const [nx, ny, nz] = geometry.size;
  const mask = new Uint8Array(nx * ny * nz);
  const planes = planesOf(contours, geometry, name);
  for (let slice = 0; slice < nz; slice++) {
    const plane = nearest(planes, slice);
    if (plane) fill(mask.subarray(slice * nx * ny, (slice + 1) * nx * ny), [nx, ny], plane.polygons);
  }
  return mask;
}

/** Pixel coordinates, x and y in turn. */
type Polygon = Float64Array;

interface ContourPlane {
  /** In slices; fractional. */
  readonly depth: number;
  readonly polygons: Polygon[];
}

/** Planes of contours that are no slice's nearest: they lie between the slices, or above or below them. */
export function planesBetween(
  contours: readonly Contour[],
  geometry: Geometry,
): { left: number; of: number } {
  const planes = planesOf(contours, geometry, "contours");
  const taken = new Set(Array.from({ length: geometry.size[2] }, (_, slice) => nearest(planes, slice)));
  return { left: planes.filter((plane) => !taken.has(plane)).length, of: planes.length };
}

function planesOf(contours: readonly Contour[], geometry: Geometry, name: string): ContourPlane[] {
  const toIndex = patientToIndex(geometry);
  const flat = distinct(contours).map((contour) => {
    const polygon = new Float64Array((contour.length / 3) * 2);
    let [low, high] = [Infinity, -Infinity];
    for (let n = 0; n < contour.length / 3; n++) {
      const [i, j, k] = apply(toIndex, [contour[3 * n], contour[3 * n + 1], contour[3 * n + 2]]);
      polygon.set([i, j], 2 * n);
      low = Math.min(low, k);
      high = Math.max(high, k);
    }
    if (high - low > flatness)
      throw new TrinephronError(
        "E_GEOMETRY",
        `${name}: a contour through ${(high - low).toFixed(1)} slices`,
        "contours must be parallel to the slices",
      );
    return { depth: (low + high) / 2, polygon };
  });
  flat.sort((a, b) => a.depth - b.depth);
  const planes: ContourPlane[] = [];
  for (const { depth, polygon } of flat) {
    const last = planes.at(-1);
    if (last && depth - last.depth <= samePlane) last.polygons.push(polygon);
    else planes.push({ depth, polygons: [polygon] });
  }
  return planes;
}

/** Some systems write a contour twice; two equal ones would cancel out. */
const distinct = (contours: readonly Contour[]): Contour[] => [
  ...new Map(contours.map((contour) => [contour.join(), contour])).values(),
];

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

/** Even-odd: between each two crossings of a row's centre line. */
function fill(pixels: Uint8Array, [nx, ny]: readonly [number, number], polygons: readonly Polygon[]): void {
  const crossings: number[][] = Array.from({ length: ny }, () => []);
  for (const polygon of polygons)
    for (let n = 0, count = polygon.length / 2; n < count; n++) {
      const m = (n + 1) % count;
      let [x0, y0, x1, y1] = [polygon[2 * n], polygon[2 * n + 1], polygon[2 * m], polygon[2 * m + 1]];
      if (y0 > y1) [x0, y0, x1, y1] = [x1, y1, x0, y0];
      // From the lower end, not to the upper one: a corner on a row's centre counts once.
      for (let j = Math.max(0, Math.ceil(y0)); j < Math.min(ny, Math.ceil(y1)); j++)
        crossings[j].push(x0 + ((j - y0) / (y1 - y0)) * (x1 - x0));
    }
  for (const [j, row] of crossings.entries()) {
    row.sort((a, b) => a - b);
    for (let n = 0; n + 1 < row.length; n += 2) {
      const from = Math.max(0, Math.ceil(row[n]));
      const to = Math.min(nx, Math.ceil(row[n + 1]));
      if (from < to) pixels.fill(1, j * nx + from, j * nx + to);
    }
  }
}
