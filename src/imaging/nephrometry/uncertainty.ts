import { crop, resample, type Vec3, type Volume, voxelCount } from "../../numerics/volume/index.ts";
import type { AffectedKidney } from "./kidney/affectedKidney.ts";
import { dilateCross, erodeCross, maskWhere } from "./kidney/inPlane.ts";
import { renalSinus } from "./kidney/sinus.ts";
import { type Reading, scoreTumor, type TumorNephrometry } from "./nephrometry.ts";
import type { Complexity } from "./renal/points.ts";
import { defaultRules, type Rules } from "./rules.ts";

/** Least and most. */
export type Interval = readonly [low: number, high: number];

/** How a tumour's scores move when its outlines do. */
export interface Uncertainty {
  /** Perturbed masks that could be scored, the given one included. */
  readonly variants: number;
  /** Least and most of all variants. */
  readonly total: Interval;
  readonly R: Interval;
  readonly E: Interval;
  readonly N: Interval;
  readonly L: Interval;
  readonly padua: Interval;
  readonly cIndex: Interval;
  /** Weighted share of the variants of each complexity by R.E.N.A.L.; sum 1. */
  readonly probability: Readonly<Record<Complexity, number>>;
}

type Step = -1 | 0 | 1;

/** Binomial: a normal of 0.7 voxels, cut to three steps. */
const steps: readonly (readonly [Step, number])[] = [
  [-1, 0.25],
  [0, 0.5],
  [1, 0.25],
];
/** Voxels finer and coarser than given. */
const scales = [0.8, 1.25];

/**
 * Scores the tumour again with its outline, the kidney's outline, or both, moved by one voxel in their slices, and
 * on a finer and a coarser grid: 11 masks, weighted. It tells how much of a score hangs on where a line was drawn, not whether the
 * lines were right: of a tumour that was missed it knows nothing.
 *
 * A tumour's lost voxels go to the kidney beside them; its gained ones are taken from whatever was there.
 */
export function uncertainty({ affected, tumor }: Reading, rules: Rules = defaultRules): Uncertainty {
  const padded = pad(affected, tumor);
  const scored: { readonly weight: number; readonly scores: TumorNephrometry }[] = [];
  const score = (variant: AffectedKidney | undefined, weight: number) => {
    if (!variant) return;
    const scores = scoreTumor(variant, variant.tumor, renalSinus(variant, rules), rules);
    scored.push({ weight, scores });
  };
  for (const [kidneyStep, byKidney] of steps)
    for (const [tumorStep, byTumor] of steps)
      score(moved(padded, tumorStep, kidneyStep), (byKidney * byTumor) / 2);
  for (const scale of scales) score(rescaled(padded, scale), 1 / 4);
  const interval = (value: (s: TumorNephrometry) => number): Interval => {
    const values = scored.map(({ scores }) => value(scores));
    return [Math.min(...values), Math.max(...values)];
  };
  const sum = scored.reduce((s, { weight }) => s + weight, 0);
  const share = (complexity: Complexity) =>
    scored.reduce((s, { weight, scores }) => s + (scores.renal.complexity === complexity ? weight : 0), 0) /
    sum;
  return {
    variants: scored.length,
    total: interval(({ renal }) => renal.total),
    R: interval(({ renal }) => renal.R.mm),
    E: interval(({ renal }) => renal.E.endophyticFraction),
    N: interval(({ renal }) => renal.N.mm),
    L: interval(({ renal }) => renal.L.fractionBetweenPolarLines),
    padua: interval((scores) => scores.padua.total),
    cIndex: interval((scores) => scores.cIndex),
    probability: { low: share("low"), moderate: share("moderate"), high: share("high") },
  };
}

/** The kidney with room for outlines to grow; its tumours marked so that the scored one can be told: it is the last. */
function pad(affected: AffectedKidney, tumor: Uint8Array): AffectedKidney {
  const [nx, ny, nz] = affected.mask.size;
  const box = { start: [-1, -1, 0] as Vec3, end: [nx + 1, ny + 1, nz] as Vec3 };
  const grown = <T extends Uint8Array>(data: T) => crop({ ...affected.mask, data }, box).data;
  const { ct, drawnSinus } = affected;
  return {
    ...affected,
    mask: crop(affected.mask, box),
    kidney: grown(affected.kidney),
    tumor: grown(tumor),
    ...(ct && { ct: crop({ ...affected.mask, data: ct }, box, -1000).data }),
    ...(drawnSinus && { drawnSinus: grown(drawnSinus) }),
  };
}

function rescaled(affected: AffectedKidney, scale: number): AffectedKidney {
  const { mask, ct, drawnSinus } = affected;
  const size = mask.size.map((n) => Math.ceil(n / scale)) as unknown as Vec3;
  const spacing = mask.spacing.map((mm) => mm * scale) as unknown as Vec3;
  const target = { ...mask, size, spacing };
  const nearest = (data: Uint8Array) =>
    resample({ ...mask, data } as Volume<Uint8Array>, target, { interpolation: "nearest" }).data;
  return {
    ...affected,
    mask: { ...target, data: nearest(mask.data) },
    kidney: nearest(affected.kidney),
    tumor: nearest(affected.tumor),
    ...(ct && { ct: resample({ ...mask, data: ct }, target, { fill: -1000 }).data }),
    ...(drawnSinus && { drawnSinus: nearest(drawnSinus) }),
  };
}

/** Undefined where nothing is left of the tumour. */
function moved(affected: AffectedKidney, tumorStep: Step, kidneyStep: Step): AffectedKidney | undefined {
  const { mask } = affected;
  const { size } = mask;
  const tumor = stepped(affected.tumor, tumorStep, size);
  if (!tumor.includes(1)) return undefined;
  const solid = maskWhere(voxelCount(mask), (n) => mask.data[n] !== 0);
  // A kidney that grows does so where it is kidney, not around the tumour.
  const organ = kidneyStep > 0 ? dilateCross(affected.kidney, size) : stepped(solid, kidneyStep, size);
  const beside = dilateCross(affected.kidney, size);
  const data = mask.data.map((label, n) => {
    if (tumor[n] === 1) return 2;
    if (affected.tumor[n] === 1) return beside[n] === 1 ? 1 : 0;
    if (label === 2) return 2;
    return organ[n] === 1 ? label || 1 : 0;
  });
  const kidney = maskWhere(data.length, (n) => data[n] === 1 || data[n] === 3);
  return { ...affected, mask: { ...mask, data }, kidney, tumor, tumors: [tumor] };
}

const stepped = (mask: Uint8Array, step: Step, size: Vec3): Uint8Array =>
  step === 0 ? mask : step > 0 ? dilateCross(mask, size) : erodeCross(mask, size);
