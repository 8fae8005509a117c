import {
  type Box,
  crop,
  indexToPoint,
  pointToIndex,
  type Vec3,
  type Volume,
} from "../../../../numerics/volume/index.ts";
import { maskOf } from "../../../../numerics/volume/maskOf.ts";
import { clippedBox } from "../../../../numerics/volume/shape/boundingBox.ts";
import type { BoxFound } from "./boxSearch.ts";
import { histogramOdds } from "./histogramOdds.ts";
import { likeness, smoothed, tissueOf } from "./likeness.ts";

/** Radii of spheres tried as the object's size, mm. */
const radii = [8, 10, 12, 15, 20, 25, 31, 38, 46];
/** The point's own tissue, mm around it. */
const seedRadius = 4;
/** A grown object may exceed its sphere by this factor. */
const slack = 1.6;
/** After this many sizes in turn with less than this share of the best score, larger ones are not tried. */
const [patience, decline] = [2, 0.6];

export interface PointFound extends BoxFound {
  /** 0 … 1: the share of the object that is like the point's tissue times the share of its surroundings that is not. */
  readonly score: number;
}

/** How far from the point {@link scaleSearch} looks, mm, surroundings included. */
export const searchReach = slack * radii[radii.length - 1] + 8;

/**
 * The object around a point, of unknown size: grown at several sizes by {@link histogramOdds}; the one stays that is
 * most like the point's tissue within and least like it around.
 *
 * @param image HU, axes along L, P, S
 * @param point LPS mm
 * @returns undefined where no size gives an object that holds the point
 */
export function scaleSearch(image: Volume<Float32Array>, point: Vec3): PointFound | undefined {
  const away = distances(image, point);
  const tissue = tissueOf(smoothed(image).filter((_, v) => away[v] <= seedRadius));
  let best: PointFound | undefined;
  let worse = 0;
  for (const radius of radii) {
    if (worse === patience) break;
    const box = boxAround(image, point, slack * radius + 8);
    const part = crop(image, box);
    const mm = crop({ ...image, data: away }, box).data;
    const prior = mm.map((d) => (d <= slack * radius ? 4 * (1.05 - d / radius) : -Infinity));
    const guess = maskOf(mm, (d) => d <= 0.8 * radius);
    const mask = histogramOdds(part, guess, prior);
    if (!mask.some((inside, v) => inside && mm[v] <= seedRadius)) continue;
    const { inside, around } = likeness(mask, part, tissue);
    const score = inside * (1 - around);
    worse = best && score < decline * best.score ? worse + 1 : 0;
    if (!best || score > best.score) best = { image: part, mask, score };
  }
  return best;
}

function distances(image: Volume, point: Vec3): Float32Array {
  const [nx, ny] = image.size;
  const mm = new Float32Array(image.data.length);
  for (let v = 0; v < mm.length; v++) {
    const p = indexToPoint(image, [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))]);
    mm[v] = Math.hypot(p[0] - point[0], p[1] - point[1], p[2] - point[2]);
  }
  return mm;
}

function boxAround(image: Volume, point: Vec3, mm: number): Box {
  const [i, j, k] = pointToIndex(image, point);
  const [x, y, z] = image.spacing.map((spacing) => mm / spacing);
  const box: Box = {
    start: [Math.floor(i - x), Math.floor(j - y), Math.floor(k - z)],
    end: [Math.ceil(i + x) + 1, Math.ceil(j + y) + 1, Math.ceil(k + z) + 1],
  };
  return clippedBox(box, image.size);
}
