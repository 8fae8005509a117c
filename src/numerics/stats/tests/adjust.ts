import { TrinephronError } from "../../../base/errors.ts";

/**
 * `holm` and `bonferroni` hold the chance of any false rejection under all dependence; `hochberg` under independence
 * or positive dependence; `bh` holds the expected share of false rejections.
 */
export const adjustments = ["bonferroni", "holm", "hochberg", "bh"] as const;
/** Name of an adjustment of p-values. */
export type Adjustment = (typeof adjustments)[number];

/**
 * p-values adjusted for their number, in the given order, as R's `p.adjust`: Bonferroni; Holm (Scand J Stat
 * 1979;6:65); Hochberg (Biometrika 1988;75:800); Benjamini & Hochberg (J R Stat Soc B 1995;57:289).
 * @param pValues in [0, 1]; none is allowed
 * @throws E_VALUE for a p-value outside [0, 1]
 */
export function adjust(pValues: readonly number[], method: Adjustment): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new TrinephronError("E_VALUE", `p-value ${wrong}: outside [0, 1]`);
  const n = pValues.length;
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const adjusted = new Array<number>(n);
  if (method === "bonferroni") return pValues.map((p) => Math.min(1, p * n));
  if (method === "holm") {
    let greatest = 0;
    order.forEach((i, rank) => {
      greatest = Math.max(greatest, (n - rank) * pValues[i]);
      adjusted[i] = Math.min(1, greatest);
    });
    return adjusted;
  }
  let least = 1;
  for (let rank = n - 1; rank >= 0; rank--) {
    const i = order[rank];
    least = Math.min(least, (method === "bh" ? n / (rank + 1) : n - rank) * pValues[i]);
    adjusted[i] = least;
  }
  return adjusted;
}
