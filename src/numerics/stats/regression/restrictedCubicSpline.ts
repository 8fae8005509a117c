import { TrinephronError } from "../../../base/errors.ts";
import { quantile } from "../quantile.ts";

/** Quantiles at which knots stand (Harrell, Regression Modeling Strategies, 2nd ed. 2015, table 2.3). */
const placesOf: Readonly<Record<number, readonly number[]>> = {
  3: [0.1, 0.5, 0.9],
  4: [0.05, 0.35, 0.65, 0.95],
  5: [0.05, 0.275, 0.5, 0.725, 0.95],
};

/**
 * Knots of a restricted cubic spline at Harrell's quantiles. Where values are so tied that knots meet, fewer are
 * returned; fewer than three make a straight line.
 * @param count 3, 4 or 5
 * @throws E_VALUE for another count; E_TOO_FEW, E_VALUE as `quantile`
 */
export function splineKnots(values: ArrayLike<number>, count: number): number[] {
  const places = placesOf[count];
  if (!places) throw new TrinephronError("E_VALUE", `${count} knots: not 3, 4 or 5`);
  return [...new Set(places.map((place) => quantile(values, place)))];
}

/**
 * Restricted (natural) cubic spline at x: cubic between the knots, straight beyond them (Harrell 2015, eq. 2.25).
 * @param knots rising
 * @returns x itself and knots − 2 further terms
 */
export function restrictedCubicSpline(x: number, knots: readonly number[]): number[] {
  const k = knots.length;
  if (k < 3) return [x];
  const [first, last, before] = [knots[0], knots[k - 1], knots[k - 2]];
  const cube = (knot: number) => Math.max(0, x - knot) ** 3;
  const terms = knots.slice(0, k - 2).map((knot) => {
    const bend =
      cube(knot) -
      (cube(before) * (last - knot)) / (last - before) +
      (cube(last) * (before - knot)) / (last - before);
    return bend / (last - first) ** 2;
  });
  return [x, ...terms];
}
