import type { Contour } from "../../../imaging/formats/dicom/read.ts";
import { usualDistance } from "../../../imaging/formats/dicom/regions/depthGroups.ts";
import { allFaults, fillPolygons } from "../../../imaging/formats/dicom/regions/polygons.ts";
import { flatContours, isFlat, rivals } from "../../../imaging/formats/dicom/regions/rasterize.ts";
import { contourRemarks, leftOutRemark } from "./contourRemarks.ts";
import { type DrawnPlane, planesAt } from "./drawnPlanes.ts";
import { interpolationRemark, ranges } from "./filledMask.ts";
import type { RegionMask } from "./region.ts";
import { depthOf, placesOf, planeDepths, type ScannedStack, unscanned } from "./scannedStack.ts";

/** Over more than this, mm, contours that leave out slices at even distances are not joined. */
const widest = 10;

/**
 * Contours drawn on a stack's slices, brought to its grid by the weights the image was. Slices passed over at even
 * distances between contours, and places where no slice was scanned, are interpolated; other slices without a contour
 * are empty. Undefined where they were not drawn on these slices, where they leave out most of them, or where there is
 * nothing to interpolate.
 *
 * @param others all contours of the file
 */
export function contoursOnSlices(
  contours: readonly Contour[],
  others: readonly Contour[],
  stack: ScannedStack,
  name: string,
): RegionMask | undefined {
  const { geometry } = stack;
  if (!contours.every((contour) => isFlat(contour, geometry))) return undefined;
  const step = geometry.spacing[2];
  const flat = flatContours(contours, geometry, name);
  const places = placesOf(
    flat.map(({ depth }) => depth * step),
    stack,
  );
  if (!places) return undefined;
  const groups = Map.groupBy(flat, (_, n) => places.of[n]);
  const drawn = [...groups.keys()].filter((place) => place !== undefined).sort((a, b) => a - b);
  if (usualDistance(drawn) > 1.25) return undefined;
  const inGap = places.depths.map((depth) => unscanned(stack, depth, step));
  const joined = passedOver(drawn, places.depths, inGap);
  if (stack.even && joined.size === 0) return undefined;

  const [nx, ny] = geometry.size;
  const elsewhere = drawnInGaps(others, places.depths, inGap, geometry);
  const painted = drawn.map((place) => {
    const [plane, ...apart] = rivals(groups.get(place)!, places.depths[place] / step, ny);
    const mask = new Uint8Array(nx * ny);
    return { place, mask, apart: apart.length, faults: fillPolygons(mask, [nx, ny], plane.polygons) };
  });
  const masks = new Map(painted.map(({ place, mask }) => [place, mask]));
  const known = places.depths.flatMap((depth, place): DrawnPlane[] => {
    const mask = masks.get(place);
    const open = joined.has(place) || (inGap[place] && !elsewhere.has(place));
    return !mask && open ? [] : [{ depth, mask }];
  });
  const { data, interpolated } = planesAt(known, planeDepths(geometry), {
    size: [nx, ny],
    spacing: [geometry.spacing[0], geometry.spacing[1]],
    tapers: elsewhere.size === 0,
  });
  const within = new Set([...joined].map((place) => Math.round(places.depths[place] / step)));
  const beyond = flat.length - places.of.filter((place) => place !== undefined).length;
  const left = painted.reduce((sum, { apart }) => sum + apart, 0);
  return {
    ...geometry,
    data,
    remarks: [
      ...interpolationRemark(
        interpolated.filter((k) => !within.has(k)),
        geometry,
      ),
      ...joinedRemark(
        interpolated.filter((k) => within.has(k)),
        geometry.size[2],
      ),
      ...contourRemarks(allFaults(painted.map(({ faults }) => faults)), flat),
      ...leftOutRemark(left + beyond, flat.length),
    ],
  };
}

/**
 * Scanned places without a contour between contours at even distances: of two gaps in turn, each as many places wide,
 * the plane between is no part of its own. A wider gap fits too where the places left of it have no slice.
 */
function passedOver(
  drawn: readonly number[],
  depths: readonly number[],
  inGap: readonly boolean[],
): ReadonlySet<number> {
  const fits = (n: number, stride: number) => {
    const [from, to] = [drawn[n], drawn[n + 1]];
    if ((to - from) % stride !== 0) return false;
    for (let place = from + stride; place < to; place += stride) if (!inGap[place]) return false;
    return true;
  };
  const found = new Set<number>();
  for (let n = 0; n + 2 < drawn.length; n++) {
    const stride = Math.min(drawn[n + 1] - drawn[n], drawn[n + 2] - drawn[n + 1]);
    if (stride < 2 || !fits(n, stride) || !fits(n + 1, stride)) continue;
    if (depths[drawn[n + 2]] - depths[drawn[n]] > 2 * widest) continue;
    for (let place = drawn[n] + 1; place < drawn[n + 2]; place++)
      if (place !== drawn[n + 1] && !inGap[place]) found.add(place);
  }
  return found;
}

/** Places without a slice that some contour of the file was drawn at: it was drawn on more slices than are here. */
function drawnInGaps(
  contours: readonly Contour[],
  depths: readonly number[],
  inGap: readonly boolean[],
  geometry: ScannedStack["geometry"],
): ReadonlySet<number> {
  const gaps = depths.flatMap((depth, place) => (inGap[place] ? [{ depth, place }] : []));
  const near = geometry.spacing[2] / 4;
  const found = new Set<number>();
  if (gaps.length === 0) return found;
  for (const contour of contours) {
    const at = depthOf(geometry, [contour[0], contour[1], contour[2]]);
    for (const { depth, place } of gaps) if (Math.abs(depth - at) <= near) found.add(place);
  }
  return found;
}

function joinedRemark(planes: readonly number[], of: number): string[] {
  if (planes.length === 0) return [];
  const slices = planes.length === 1 ? "1 slice" : `${planes.length} slices`;
  return [
    `${slices} without contours between evenly spaced ones (${ranges(planes)} of ${of}): the mask there is interpolated between its neighbours`,
  ];
}
