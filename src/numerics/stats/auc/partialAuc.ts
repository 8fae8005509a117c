import { TrinephronError } from "../../../base/errors.ts";
import { roc } from "./roc.ts";

/** Which part of the curve, and on which scale. */
export interface PartialAucOptions {
  /** What the range is of; default specificity. */
  readonly of?: "specificity" | "sensitivity";
  /** Range of it, 0 ≤ from < to ≤ 1. */
  readonly from: number;
  readonly to: number;
  /** McClish's scale: ½ for a useless score, 1 for a perfect one. Default false: the plain area. */
  readonly corrected?: boolean;
}

/**
 * Area under the part of the empirical ROC curve in a range of specificity or sensitivity, by trapezia
 * (McClish, Med Decis Making 1989;9:190), as pROC's `partial.auc`. For its interval see `bootstrap`.
 *
 * Corrected: ½ (1 + (area − least) / (greatest − least)), where least is the area under the diagonal. A curve under
 * the diagonal then has less than ½; pROC returns NA there.
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`; E_VALUE for a range that is empty or outside [0, 1]
 */
export function partialAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  { of = "specificity", from, to, corrected = false }: PartialAucOptions,
): number {
  if (!(from >= 0 && from < to && to <= 1))
    throw new TrinephronError("E_VALUE", `${of} from ${from} to ${to}: not a range within [0, 1]`);
  const points = roc(labels, scores).map(({ falsePositiveRate, truePositiveRate }) => ({
    sensitivity: truePositiveRate,
    specificity: 1 - falsePositiveRate,
  }));
  const curve = points.map(({ sensitivity, specificity }) =>
    of === "specificity" ? { x: specificity, y: sensitivity } : { x: sensitivity, y: specificity },
  );
  if (of === "specificity") curve.reverse();
  const area = areaBetween(curve, from, to);
  if (!corrected) return area;
  const least = (1 - from) ** 2 / 2 - (1 - to) ** 2 / 2;
  return (1 + (area - least) / (to - from - least)) / 2;
}

/** Area under a curve whose x never falls, between two x. */
function areaBetween(curve: readonly { x: number; y: number }[], from: number, to: number): number {
  let area = 0;
  for (let k = 1; k < curve.length; k++) {
    const [a, b] = [curve[k - 1], curve[k]];
    const low = Math.max(a.x, from);
    const high = Math.min(b.x, to);
    if (low >= high) continue;
    const at = (x: number) => a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
    area += ((at(low) + at(high)) / 2) * (high - low);
  }
  return area;
}
