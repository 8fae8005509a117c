import { TrinephronError } from "../../../base/errors.ts";
import { twoWayMeanSquares } from "./twoWayMeanSquares.ts";

/** Shrout & Fleiss's six forms; the first figure is the model, the second 1 for one rater, k for the raters' mean. */
export interface Icc {
  /** Each subject rated by raters of its own. */
  readonly icc11: number;
  /** The same raters rate all; a sample of raters: absolute agreement. */
  readonly icc21: number;
  /** The same raters rate all; no other raters meant: consistency. */
  readonly icc31: number;
  readonly icc1k: number;
  readonly icc2k: number;
  readonly icc3k: number;
}

/**
 * Intraclass correlations from the two-way mean squares (Shrout & Fleiss, Psychol Bull 1979;86:420).
 * @param ratings one row a subject, one column a rater, complete
 * @throws E_TOO_FEW with fewer than two subjects or raters
 * @throws E_VALUE for uneven rows, ratings that are not finite, or subjects that do not vary at all
 */
export function icc(ratings: readonly ArrayLike<number>[]): Icc {
  const n = ratings.length;
  const k = ratings[0]?.length ?? 0;
  if (n < 2 || k < 2)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${n} subjects by ${k} raters`,
      "agreement needs two or more of each",
    );
  if (ratings.some((row) => row.length !== k || !Array.from(row).every(Number.isFinite)))
    throw new TrinephronError("E_VALUE", "a rating is missing or not a finite number");
  const { rows: between, columns: rater, residual: error } = twoWayMeanSquares(ratings);
  const within = (rater + (n - 1) * error) / n;
  if (between === 0) throw new TrinephronError("E_VALUE", "the subjects' ratings do not vary");
  return {
    icc11: (between - within) / (between + (k - 1) * within),
    icc21: (between - error) / (between + (k - 1) * error + (k * (rater - error)) / n),
    icc31: (between - error) / (between + (k - 1) * error),
    icc1k: (between - within) / between,
    icc2k: (between - error) / (between + (rater - error) / n),
    icc3k: (between - error) / between,
  };
}
