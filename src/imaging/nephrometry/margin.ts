import type { Volume } from "../../numerics/volume/index.ts";
import type { Lines } from "./kidney/polarLines.ts";
import { sliceAreas } from "./kidney/sliceAreas.ts";
import type { RenalResult } from "./renal/renal.ts";
import type { PaduaResult } from "./scores/padua.ts";

/** How far a component is from scoring otherwise. */
export interface Margin {
  /** Distance of the measured value to the nearest cut-off, ≥ 0. */
  readonly by: number;
  readonly unit: "mm" | "fraction";
  /** What the component would score beyond that cut-off. */
  readonly points: number;
  /** Within what one voxel of the outline may change: 1 mm or a voxel's width, or 5 % of the tumour. */
  readonly borderline: boolean;
}

/** Undefined where nothing near would change the points: no sinus, no lines, wholly inside or outside. */
export interface Margins {
  readonly R?: Margin;
  readonly E?: Margin;
  readonly N?: Margin;
  readonly L?: Margin;
  readonly location?: Margin;
  readonly rim?: Margin;
  readonly sinus?: Margin;
  readonly collectingSystem?: Margin;
}

/** A cut-off and the points below and above it. */
type Cut = readonly [at: number, below: number, above: number];

const borderlineFraction = 0.05;
const borderlineMm = 1;

/** Distances of each component of R.E.N.A.L. and PADUA to the nearest cut-off. */
export function margins(
  tumor: Volume<Uint8Array>,
  { R, E, N, L }: RenalResult,
  { location, rim, sinus, collectingSystem }: PaduaResult,
  polarLines: Lines | undefined,
): Margins {
  const voxel = Math.max(borderlineMm, tumor.spacing[0], tumor.spacing[1]);
  const margin = (
    value: number,
    points: number,
    unit: Margin["unit"],
    ...cuts: Cut[]
  ): Margin | undefined => {
    if (!Number.isFinite(value)) return undefined;
    const apart = ([at]: Cut) => Math.abs(value - at);
    const [nearest] = cuts.toSorted((a, b) => apart(a) - apart(b));
    const [, below, above] = nearest;
    return {
      by: apart(nearest),
      unit,
      points: points === below ? above : below,
      borderline: apart(nearest) <= (unit === "mm" ? voxel : borderlineFraction),
    };
  };
  const between = location.fractionBetweenSinusLines;
  const list: Record<keyof Margins, Margin | undefined> = {
    R: margin(R.mm, R.points, "mm", [40, 1, 2], [70, 2, 3]),
    E:
      E.points === 3 ? undefined : margin(E.endophyticFraction, E.points, "fraction", [0.5, 1, 2], [1, 2, 3]),
    N: margin(N.mm, N.points, "mm", [4, 3, 2], [7, 2, 1]),
    L: locationMargin(),
    location: margin(between, location.points, "fraction", [0.5, 1, 2]),
    rim: margin(rim.mm, rim.points, "mm", [0, 1, 2]),
    sinus: margin(sinus.mm, sinus.points, "mm", [2, 2, 1]),
    collectingSystem: margin(collectingSystem.mm, collectingSystem.points, "mm", [2, 2, 1]),
  };
  return Object.fromEntries(Object.entries(list).filter(([, found]) => found !== undefined));

  /** mm from a line where the tumour lies beyond it, mm past the midline, or the fraction between the lines. */
  function locationMargin(): Margin | undefined {
    if (!polarLines || polarLines[0] > polarLines[1]) return undefined;
    const [first, last] = polarLines;
    const areas = sliceAreas(tumor.data, tumor.size);
    const low = areas.findIndex((a) => a > 0);
    const high = areas.findLastIndex((a) => a > 0);
    const mm = (slices: number) => slices * tumor.spacing[2];
    if (L.points === 1) return margin(mm(Math.max(low - last, first - high)), 1, "mm", [0, 2, 1]);
    const most = L.fractionBetweenPolarLines > 0.5;
    // Both would have to change.
    if (L.crossesMidline && most) return undefined;
    const middle = (first + last) / 2;
    return L.crossesMidline
      ? margin(mm(Math.min(high - middle, middle - low)), 3, "mm", [0, 2, 3])
      : margin(L.fractionBetweenPolarLines, L.points, "fraction", [0.5, 2, 3]);
  }
}
