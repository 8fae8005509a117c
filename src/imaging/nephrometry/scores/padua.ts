import type { Volume } from "../../../numerics/volume/index.ts";
import { centroids } from "../../../numerics/volume/shape/centroids.ts";
import type { AffectedKidney } from "../kidney/affectedKidney.ts";
import { neighborCount } from "../kidney/inPlane.ts";
import type { Sinus } from "../kidney/sinus.ts";
import { sliceAreas } from "../kidney/sliceAreas.ts";
import { distanceFrom, leastWithin } from "../renal/nearness.ts";
import type { Complexity } from "../renal/points.ts";
import type { RenalResult } from "../renal/renal.ts";
import { defaultRules, type Rules } from "../rules.ts";

/** PADUA score of one tumour (Ficarra et al., Eur Urol 2009;56:786). */
export interface PaduaResult {
  /** Polar 1, or with more than half between the sinus lines 2. */
  readonly location: { readonly points: 1 | 2; readonly fractionBetweenSinusLines: number };
  /** ≥ 50 % exophytic 1, less 2, endophytic 3: R.E.N.A.L.'s E. */
  readonly exophytic: RenalResult["E"];
  /** Nearest to the lateral rim 1, medial 2; `mm` from the kidney's centre towards the spine to that rim. */
  readonly rim: { readonly points: 1 | 2; readonly mm: number };
  /** Nearer than 2 mm to the sinus 2. */
  readonly sinus: { readonly points: 1 | 2; readonly mm: number };
  /** Nearer than 2 mm to the collecting system 2. */
  readonly collectingSystem: { readonly points: 1 | 2; readonly mm: number };
  /** R.E.N.A.L.'s R. */
  readonly size: RenalResult["R"];
  /** 6–14. */
  readonly total: number;
  /** 6–7 low, 8–9 moderate, ≥ 10 high. */
  readonly complexity: Complexity;
}

/** What lies nearer than this is involved, mm (Heller et al.). */
const involvedMm = 2;

/** PADUA from the same measurements as R.E.N.A.L., after Heller et al. (github.com/neheller/seg-to-nephrometry). */
export function padua(
  affected: AffectedKidney,
  tumor: Uint8Array,
  sinus: Sinus,
  renal: Pick<RenalResult, "R" | "E" | "N">,
  rules: Rules = defaultRules,
  fromTumor = distanceFrom({ ...affected.mask, data: tumor }, rules.distance),
): PaduaResult {
  const lesion = { ...affected.mask, data: tumor };
  const fraction = fractionWithin(lesion, sinus.sinusLines);
  const location = { points: fraction > 0.5 ? 2 : 1, fractionBetweenSinusLines: fraction } as const;
  const toRim = nearestRim(affected, fromTumor, sinus);
  const rim = { points: toRim > 0 ? 2 : 1, mm: toRim } as const;
  const fat = sinus.sinus.map((v, n) => (affected.mask.data[n] === 2 ? 0 : v));
  const involved = (mm: number) => ({ points: mm < involvedMm ? 2 : 1, mm }) as const;
  const near = involved(leastWithin(fromTumor, fat));
  const collectingSystem = involved(renal.N.mm);
  const total =
    location.points + renal.E.points + rim.points + near.points + collectingSystem.points + renal.R.points;
  return {
    location,
    exophytic: renal.E,
    rim,
    sinus: near,
    collectingSystem,
    size: renal.R,
    total,
    complexity: total >= 10 ? "high" : total >= 8 ? "moderate" : "low",
  };
}

function fractionWithin({ data, size }: Volume<Uint8Array>, lines: Sinus["sinusLines"]): number {
  if (!lines) return 0;
  const areas = sliceAreas(data, size);
  const sum = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
  return sum(areas.slice(lines[0], lines[1] + 1)) / sum(areas);
}

/** How far towards the spine, from the outline's centre, the rim nearest to the tumour lies (its mean place), mm. */
function nearestRim({ mask, side }: AffectedKidney, distance: Float32Array, sinus: Sinus): number {
  const { size, spacing } = mask;
  const depth = neighborCount(sinus.outline, size);
  const isRim = (n: number) =>
    sinus.outline[n] === 1 && depth[n] < 9 && sinus.collectingSystem[n] === 0 && mask.data[n] !== 2;
  let least = Infinity;
  let sum = 0;
  let count = 0;
  for (let n = 0; n < depth.length; n++) {
    if (!(distance[n] <= least) || !isRim(n)) continue;
    if (distance[n] < least) [least, sum, count] = [distance[n], 0, 0];
    sum += n % size[0];
    count++;
  }
  const [[center]] = centroids(sinus.outline, 1, size);
  return (sum / count - center) * spacing[0] * (side === "right" ? 1 : -1);
}
