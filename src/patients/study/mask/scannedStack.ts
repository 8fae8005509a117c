import type { StackGeometry } from "../../../imaging/formats/dicom/read.ts";
import { depthGroups } from "../../../imaging/formats/dicom/regions/depthGroups.ts";
import type { Geometry, Vec3 } from "../../../numerics/volume/index.ts";
import { dot, minus } from "../../../numerics/volume/vector.ts";

/** The slices a mask can have been drawn on, and the grid that was made of them. */
export interface ScannedStack extends Pick<StackGeometry, "geometry" | "depths" | "even"> {
  /** Series Instance UID. */
  readonly series: string | undefined;
}

/** Planes this far from a place, in distances between slices, lie at it: positions are rounded. */
const atPlace = 0.25;
/** Gaps wider than this many of the usual distance have no slice where one should be. */
const wideGap = 1.25;
/** A greater share of planes between the slices, and the mask was drawn on others. */
const strays = 0.2;

/** Those of a series; where none is of it, that of the reference. */
export function stacksOf(stacks: readonly ScannedStack[], series: string | undefined): ScannedStack[] {
  const own = stacks.filter((stack) => series !== undefined && stack.series === series);
  return own.length > 0 ? own : stacks.slice(0, 1);
}

export const parallel = (a: Vec3, b: Vec3): boolean => Math.abs(dot(a, b)) > 1 - 1e-5;

/** mm along a grid's normal from its first plane. */
export const depthOf = ({ origin, direction }: Geometry, point: Vec3): number =>
  dot(minus(point, origin), direction[2]);

/** Of a grid's planes, mm. */
export const planeDepths = ({ size, spacing }: Geometry): number[] =>
  Array.from({ length: size[2] }, (_, k) => k * spacing[2]);

export interface Places {
  /** mm, in order. */
  readonly depths: readonly number[];
  /** Index of each plane's place; undefined for those above and below all, and those between. */
  readonly of: readonly (number | undefined)[];
  /** Planes between, which lie at no place. */
  readonly between: ReadonlySet<number>;
}

/**
 * The places of a stack that planes of a mask lie at: the planes of its grid, or where they fit better its slices, with
 * what lies in gaps between those at places of its own. Undefined where they fit neither.
 *
 * @param depths mm along the stack's normal
 */
export function placesOf(depths: readonly number[], stack: ScannedStack): Places | undefined {
  const grid = fitTo(depths, planeDepths(stack.geometry), []);
  const inGaps = depths.filter((depth) => unscanned(stack, depth, stack.geometry.spacing[2]));
  const extra = depthGroups(inGaps, stack.geometry.spacing[2]).map(({ depth }) => depth);
  const slices = fitTo(depths, stack.depths, extra);
  const better =
    slices.between.size < grid.between.size ||
    (slices.between.size === grid.between.size && slices.off < grid.off - 0.02);
  const best = better ? slices : grid;
  const placed = best.of.some((place) => place !== undefined);
  return placed && best.between.size <= strays * depths.length ? best : undefined;
}

function fitTo(depths: readonly number[], places: readonly number[], extra: readonly number[]) {
  const all = [...places, ...extra].sort((a, b) => a - b);
  const [low, high] = [all[0], all[all.length - 1]];
  const between = new Set<number>();
  let off = 0;
  const of = depths.map((depth, plane) => {
    const place = nearestTo(all, depth);
    const distance = Math.abs(depth - all[place]) / around(all, place);
    if (distance <= atPlace) {
      off = Math.max(off, distance);
      return place;
    }
    if (depth > low && depth < high) between.add(plane);
    return undefined;
  });
  return { depths: all, of, between, off };
}

/** Whether no slice was scanned at a depth where one should have been. @param step mm around a slice that are its own */
export function unscanned({ depths }: ScannedStack, depth: number, step: number): boolean {
  const next = depths.findIndex((each) => each >= depth);
  if (next <= 0) return false;
  const [below, above] = [depths[next - 1], depths[next]];
  const near = Math.min(depth - below, above - depth) <= atPlace * step;
  return !near && above - below > wideGap * usual(depths);
}

/** The lower quartile of the distances. */
function usual(depths: readonly number[]): number {
  const gaps = depths.slice(1).map((depth, n) => depth - depths[n]);
  return gaps.sort((a, b) => a - b)[(gaps.length - 1) >> 2];
}

const nearestTo = (places: readonly number[], depth: number): number =>
  places.reduce((best, place, n) => (Math.abs(place - depth) < Math.abs(places[best] - depth) ? n : best), 0);

/** From a place to the nearer of its neighbours. */
const around = (places: readonly number[], n: number): number =>
  Math.min(places[n] - (places[n - 1] ?? -Infinity), (places[n + 1] ?? Infinity) - places[n]);
