import { TrinephronError } from "../../base/errors.ts";
import { random } from "../../base/random.ts";
import {
  bootstrap,
  brier,
  calibrationCurve,
  calibrationErrors,
  calibrationInTheLarge,
  calibrationSlope,
  type Estimate,
  quantile,
} from "../../numerics/stats/index.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import type { CalibrationRow } from "./calibrationResults.ts";

export interface CalibrationInput {
  readonly task: Task;
  readonly model: string;
  readonly labels: Uint8Array;
  /** [0, 1], as `labels`. */
  readonly probabilities: Float64Array;
  readonly seed: number;
  /** Of the bootstrap. */
  readonly replicates: number;
}

const points = 60;
const bins = 20;
/** Cases of the rarer class below which the curve bends at 3 knots and not 4: it would follow single cases. */
const enough = 50;

/**
 * Calibration of one model at one task: intercept and slope (Wald), Brier score (stratified bootstrap, percentile),
 * integrated calibration index with what it is by chance, the flexible curve with its band. What cannot be estimated is null, and
 * `note` says why: a probability of 0 or 1 has no logit, equal or separating probabilities have no slope.
 */
export function calibrationOf(input: CalibrationInput): CalibrationRow {
  const { task, model, labels, probabilities, seed, replicates } = input;
  const notes: string[] = [];
  const attempt = <T>(what: string, compute: () => T): T | null => {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      notes.push(`${what}: ${error.message}`);
      return null;
    }
  };
  const at = (indices: Uint32Array) =>
    [
      Uint8Array.from(indices, (i) => labels[i]),
      Float64Array.from(indices, (i) => probabilities[i]),
    ] as const;
  const options = { seed, replicates };
  const positives = labels.reduce((sum, y) => sum + y, 0);
  const knots = Math.min(positives, labels.length - positives) < enough ? 3 : 4;
  const ici = attempt("calibration curve", () => calibrationErrors(labels, probabilities, { knots }).ici);
  return {
    task,
    model,
    n: labels.length,
    positives,
    intercept: printed(attempt("intercept", () => calibrationInTheLarge(labels, probabilities))),
    slope: printed(attempt("slope", () => calibrationSlope(labels, probabilities))),
    brier: {
      value: brier(labels, probabilities),
      ci: [...bootstrap(labels, (indices) => brier(...at(indices)), options)],
    },
    ici:
      ici === null
        ? null
        : {
            value: ici,
            byChance: attempt("calibration index by chance", () =>
              iciByChance(probabilities, { ...options, knots }),
            ),
          },
    curve: ici === null ? [] : calibrationCurve(labels, probabilities, { knots, at: grid(probabilities) }),
    bins: histogram(labels, probabilities),
    method:
      "intercept with slope 1 and slope: logistic regression on the predicted logit, Wald; curve: restricted cubic " +
      `spline of the logit, ${knots} knots; Brier score: stratified bootstrap, percentile, ${replicates} replicates; ICI by chance: ` +
      "as many sets of outcomes drawn from the predicted probabilities",
    note: notes.join("; "),
  };
}

/**
 * The 95th percentile of the ICI of perfectly calibrated predictions: outcomes drawn from the probabilities. A
 * bootstrap interval would mislead: the index of resampled cases is larger than the sample's, and its percentile
 * interval can leave out the estimate itself.
 * @throws E_TOO_FEW where more than 5 % of the draws have no calibration curve
 */
function iciByChance(
  probabilities: Float64Array,
  { seed, replicates, knots }: Pick<CalibrationInput, "seed" | "replicates"> & { readonly knots: number },
): number {
  const draw = random(seed);
  const values: number[] = [];
  for (let r = 0; r < replicates; r++) {
    const drawn = Uint8Array.from(probabilities, (p) => (draw.uniform() < p ? 1 : 0));
    try {
      values.push(calibrationErrors(drawn, probabilities, { knots }).ici);
    } catch (error) {
      // One class, or classes that the predictions separate.
      if (!(error instanceof TrinephronError)) throw error;
    }
  }
  if (values.length < 0.95 * replicates)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${replicates - values.length} of ${replicates} draws have no curve`,
    );
  return quantile(Float64Array.from(values), 0.95);
}

const printed = (estimate: Estimate | null) => estimate && { value: estimate.value, ci: pair(estimate.ci) };
const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];

/** Where the curve is evaluated: from the least to the greatest prediction, nowhere beyond. */
function grid(probabilities: Float64Array): number[] {
  const low = Math.min(...probabilities);
  const high = Math.max(...probabilities);
  return Array.from({ length: points }, (_, i) =>
    i === points - 1 ? high : low + ((high - low) * i) / (points - 1),
  );
}

function histogram(labels: Uint8Array, probabilities: Float64Array): CalibrationRow["bins"] {
  const counts = Array.from({ length: bins }, (_, b) => ({
    from: b / bins,
    to: (b + 1) / bins,
    positive: 0,
    negative: 0,
  }));
  probabilities.forEach((p, i) => {
    counts[Math.min(bins - 1, Math.floor(p * bins))][labels[i] === 1 ? "positive" : "negative"]++;
  });
  return counts;
}
