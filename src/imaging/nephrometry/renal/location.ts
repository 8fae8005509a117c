import type { Volume } from "../../../numerics/volume/index.ts";
import type { Lines } from "../kidney/polarLines.ts";
import { sliceAreas } from "../kidney/sliceAreas.ts";
import type { Points } from "./points.ts";

/** L: where the tumour lies along the kidney. */
export interface Location {
  readonly points: Points;
  /** Part of the tumour's volume between the polar lines, 0 to 1; 0 where there are no lines. */
  readonly fractionBetweenPolarLines: number;
  /** Whether it reaches the axial plane midway between the polar lines. */
  readonly crossesMidline: boolean;
  /** Whether polar lines were found at all: `points` is 1 for want of them otherwise. */
  readonly polarLinesFound: boolean;
}

/** A smaller part of a tumour than this is not across a line. */
const leastFraction = 1e-4;

/**
 * R.E.N.A.L.'s L: wholly beyond a polar line 1; across a line 2; more than half between the lines,
 * or across the midline between them, 3.
 *
 * @param tumor axes along L, P, S
 * @param lines slices between the polar lines
 */
export function location(tumor: Volume<Uint8Array>, lines: Lines | undefined): Location {
  if (!lines)
    return { points: 1, fractionBetweenPolarLines: 0, crossesMidline: false, polarLinesFound: false };
  const [first, last] = lines;
  const areas = sliceAreas(tumor.data, tumor.size);
  const middle = (first + last) / 2;
  const total = areas.reduce((s, a) => s + a, 0);
  const between = areas.slice(first, last + 1).reduce((s, a) => s + a, 0);
  const crossesMidline = areas[Math.floor(middle)] > 0 || areas[Math.ceil(middle)] > 0;
  const fraction = total > 0 ? between / total : 0;
  const points = crossesMidline || fraction > 0.5 ? 3 : fraction > leastFraction ? 2 : 1;
  return { points, fractionBetweenPolarLines: fraction, crossesMidline, polarLinesFound: first <= last };
}
