import { TrinephronError } from "../../../base/errors.ts";
import { criticalValue } from "../distributions/normal.ts";
import { mean } from "../moments.ts";
import { quantile } from "../quantile.ts";
import { type LogisticFit, logisticFit } from "../regression/logisticFit.ts";
import { logit, logits, sigmoid } from "../regression/logit.ts";
import { restrictedCubicSpline, splineKnots } from "../regression/restrictedCubicSpline.ts";
import { mustOverlap } from "./calibration.ts";

/** The curve's spline, band and places. */
export interface CalibrationCurveOptions {
  /** Of the spline: 3, 4 or 5, default 4. Fewer are used where tied predictions make them meet. */
  readonly knots?: number;
  /** Confidence level of the band, default 0.95. */
  readonly level?: number;
  /** Predicted probabilities to evaluate at, inside (0, 1); default 100 from the least to the greatest predicted. */
  readonly at?: readonly number[];
}

/** A point of a calibration curve; probabilities in [0, 1]. */
export interface CalibrationPoint {
  readonly predicted: number;
  /** Share of positive cases among those predicted so, by the curve. */
  readonly observed: number;
  /** Pointwise. */
  readonly low: number;
  readonly high: number;
}

/**
 * Flexible calibration curve: logistic regression on a restricted cubic spline of the predicted logit (Van Calster
 * et al., J Clin Epidemiol 2016;74:167), with a pointwise band normal on the logit scale.
 * @param labels 1 positive, 0 negative
 * @param probabilities inside (0, 1)
 * @throws as `calibrationSlope`; E_VALUE for another number of knots
 */
export function calibrationCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { knots = 4, level = 0.95, at }: CalibrationCurveOptions = {},
): CalibrationPoint[] {
  const reach = criticalValue(level);
  const curve = fitCurve(labels, probabilities, knots);
  return (at ?? grid(probabilities)).map((predicted) => {
    if (!(predicted > 0 && predicted < 1))
      throw new TrinephronError("E_VALUE", `predicted ${predicted}: not inside (0, 1)`);
    const row = rowOf(logit(predicted), curve.knots);
    const [eta, error] = [dot(curve.fit.coefficients, row), errorOf(curve, row)];
    const [observed, low, high] = [eta, eta - reach * error, eta + reach * error].map(sigmoid);
    return { predicted, observed, low, high };
  });
}

/** Distances of predicted and observed probability over the cases. */
export interface CalibrationErrors {
  /** Integrated calibration index: the mean. */
  readonly ici: number;
  /** The median. */
  readonly e50: number;
  /** The 90th percentile. */
  readonly e90: number;
  readonly eMax: number;
}

/**
 * ICI, E50, E90 and Emax (Austin & Steyerberg, Stat Med 2019;38:4051), by `calibrationCurve`'s spline; the paper
 * smooths by loess. They are never negative, and above 0 by chance alone in small samples: give an interval
 * (`bootstrap`).
 * @throws as `calibrationCurve`
 */
export function calibrationErrors(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { knots = 4 }: Pick<CalibrationCurveOptions, "knots"> = {},
): CalibrationErrors {
  const curve = fitCurve(labels, probabilities, knots);
  const distances = Float64Array.from(probabilities, (p, i) =>
    Math.abs(sigmoid(dot(curve.fit.coefficients, curve.rows[i])) - p),
  );
  return {
    ici: mean(distances),
    e50: quantile(distances, 0.5),
    e90: quantile(distances, 0.9),
    eMax: quantile(distances, 1),
  };
}

interface Curve {
  readonly knots: readonly number[];
  /** The spline of each case. */
  readonly rows: readonly (readonly number[])[];
  readonly fit: LogisticFit;
}

function fitCurve(labels: ArrayLike<number>, probabilities: ArrayLike<number>, count: number): Curve {
  const x = logits(probabilities);
  mustOverlap(labels, x);
  const knots = splineKnots(x, count);
  const rows = Array.from(x, (value) => rowOf(value, knots));
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  return { knots, rows, fit: logisticFit(columns, labels) };
}

const rowOf = (x: number, knots: readonly number[]) => [1, ...restrictedCubicSpline(x, knots)];

/** The curve's logit at a row is its product with the coefficients. */
const dot = (a: readonly number[], row: readonly number[]) =>
  a.reduce((sum, value, j) => sum + value * row[j], 0);

/** The standard error of that logit. */
const errorOf = ({ fit }: Curve, row: readonly number[]) =>
  Math.sqrt(
    dot(
      fit.covariance.map((line) => dot(line, row)),
      row,
    ),
  );

function grid(probabilities: ArrayLike<number>): number[] {
  const [low, high] = [quantile(probabilities, 0), quantile(probabilities, 1)];
  return Array.from({ length: 100 }, (_, i) => (i === 99 ? high : low + ((high - low) * i) / 99));
}
