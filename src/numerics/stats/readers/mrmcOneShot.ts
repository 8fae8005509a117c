import { TrinephronError } from "../../../base/errors.ts";
import type { Interval } from "../auc/delong.ts";
import { fTail } from "../distributions/fDistribution.ts";
import { criticalT, type MrmcOptions, needReaders } from "./mrmcMean.ts";
import {
  fixedCovariance,
  type Judged,
  judged,
  less,
  type OneShotCovariance,
  oneShotCovariance,
  type SparseColumn,
} from "./oneShotMoments.ts";

/** What the result is to hold for beyond the study. With fixed cases readers of different cases are not comparable. */
export interface OneShotOptions extends Pick<MrmcOptions, "level"> {
  /** Default `readers and cases`. */
  readonly random?: "readers and cases" | "cases";
  /**
   * Whether moments are taken about the mean, default. Without, the figures are those of the software iMRMC; in designs
   * of unequal parts their variance is often negative (docs/readers.md).
   */
  readonly centered?: boolean;
}

/** An estimate with its error; error, interval and p are NaN where its variance comes out negative. */
export interface OneShotEstimate {
  readonly value: number;
  readonly error: number;
  /** Of Student's t; infinite where the readers are fixed. */
  readonly df: number;
  readonly ci: Interval;
}

/** The mean AUC of the readers in one modality. */
export interface OneShotMean extends OneShotEstimate {
  /** Of each reader; NaN for one without a pair of cases. */
  readonly aucs: Float64Array;
}

/** A difference of two mean AUCs, tested. */
export interface OneShotDifference extends OneShotEstimate {
  /** ±∞ where the AUCs differ and the error is nought; 0 where both are nought. */
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
}

/** What a reader study of any design says of its modalities. */
export interface OneShot {
  readonly means: readonly OneShotMean[];
  /** Every two modalities, in order, `a` minus `b`; not adjusted for their number. */
  readonly differences: readonly (OneShotDifference & { readonly a: number; readonly b: number })[];
}

/**
 * Mean AUCs of readers and their differences between modalities in any design: split-plot, cases nested in readers,
 * readings that are missing. A mean is over all pairs of a positive and a negative case that a reader read, so that
 * readers weigh by their number of pairs. Variance: Gallas's one-shot U-statistics (see `oneShotCovariance`), about the
 * mean (about each reader's own where readers are fixed), which in designs of equal parts are iMRMC's. Degrees of freedom: Satterthwaite's from the
 * mean squares of negative cases, positive cases and readers, factors not shared by two modalities apart
 * (Obuchowski, Gallas & Hillis, Acad Radiol 2012;19:1508), not below the least of the three (Gaylor & Hopper,
 * Technometrics 1969;11:691). Fixed readers: covariances of readers over cases, and the normal distribution.
 * @param labels 1 positive, 0 negative
 * @param scores `[modality][reader]`: a column in the order of `labels`, higher for positive, NaN where not read; reader
 *   r is one person in all modalities
 * @throws E_TOO_FEW for fewer than two readers where they are random, or too few cases for a variance
 * @throws E_VALUE for modalities with different numbers of readers, or as `judged`
 */
export function mrmcOneShot(
  labels: ArrayLike<number>,
  scores: readonly (readonly SparseColumn[])[],
  options: OneShotOptions = {},
): OneShot {
  if (scores.some((modality) => modality.length !== scores[0].length))
    throw new TrinephronError("E_VALUE", "modalities with different numbers of readers");
  const parts = scores.map((columns) => varianceOf(panelOf(judged(labels, columns), true, options), options));
  return {
    means: parts.map((part) => meanOf(part, options)),
    differences: parts.flatMap((one, a) =>
      parts.slice(a + 1).map((other, k) => ({ a, b: a + 1 + k, ...differenceOf(one, other, true, options) })),
    ),
  };
}

/** A model's AUC, minus the readers' mean. */
export interface OneShotStandalone extends OneShotDifference {
  /** Of the model, on all cases that it scored. */
  readonly standalone: number;
  /** Mean of the readers. */
  readonly readers: OneShotMean;
}

/**
 * A model that scored all cases against the mean of readers in any design: a modality of its own with one reader who is
 * no sample of readers, as iMRMC has it (Gardecki & Gallas, How to perform a non-inferiority analysis with the iMRMC
 * software: there the model stands twice, as two readers alike).
 * @param standalone the model's scores, NaN where it has none
 * @param readers one column a reader, all in the order of `labels`, NaN where not read
 * @throws as `mrmcOneShot`
 */
export function mrmcOneShotStandalone(
  labels: ArrayLike<number>,
  standalone: SparseColumn,
  readers: readonly SparseColumn[],
  options: OneShotOptions = {},
): OneShotStandalone {
  const [model] = judged(labels, [standalone]);
  const alone = varianceOf(panelOf([model, model], false, options), options);
  const panel = varianceOf(panelOf(judged(labels, readers), true, options), options);
  return {
    standalone: model.auc,
    readers: meanOf(panel, options),
    ...differenceOf(alone, panel, false, options),
  };
}

/** Readers of one modality; a model, standing twice, is no sample of readers. */
interface Panel {
  readonly readers: readonly Judged[];
  readonly sampled: boolean;
  /** The readers' judgements as the moments take them. */
  readonly about: readonly Judged[];
}

function panelOf(
  readers: readonly Judged[],
  sampled: boolean,
  { random, centered = true }: OneShotOptions,
): Panel {
  const mean = pooled(readers);
  const about = readers.map((reader) => {
    if (!centered || reader.pairs === 0) return reader;
    return less(random === "cases" ? reader.auc : mean, reader);
  });
  return { readers, sampled, about };
}

/** A covariance over cases, or over readers too, with the parts of it that degrees of freedom are made of. */
type Covariance = Pick<OneShotCovariance, "value"> & Partial<OneShotCovariance>;
type Part = Covariance & Panel;

function varianceOf(panel: Panel, { random = "readers and cases" }: OneShotOptions): Part {
  needReaders(panel.readers.filter(({ pairs }) => pairs > 0).length, random);
  return { ...panel, ...covarianceOf(panel, panel, true, random) };
}

function covarianceOf(
  a: Panel,
  b: Panel,
  paired: boolean,
  random: OneShotOptions["random"] = "readers and cases",
): Covariance {
  if (random === "readers and cases") return oneShotCovariance(a.about, b.about, (r, s) => paired && r === s);
  const [v, w] = [weights(a.readers), weights(b.readers)];
  const read = (own: number[]) => own.flatMap((weight, r) => (weight > 0 ? r : []));
  const terms = read(v).flatMap((r) =>
    read(w).map((s) => v[r] * w[s] * fixedCovariance(a.about[r], b.about[s])),
  );
  return { value: terms.reduce((total, term) => total + term, 0) };
}

/** Of each reader: its share of all pairs of cases. */
function weights(readers: readonly Judged[]): number[] {
  const all = readers.reduce((total, { pairs }) => total + pairs, 0);
  return readers.map(({ pairs }) => pairs / all);
}

function meanOf(own: Part, options: OneShotOptions): OneShotMean {
  const { ci, ...found } = estimate(pooled(own.readers), own.value, [own], undefined, options);
  return {
    ...found,
    ci: [Math.max(0, ci[0]), Math.min(1, ci[1])],
    aucs: Float64Array.from(own.readers, ({ auc }) => auc),
  };
}

function pooled(readers: readonly Judged[]): number {
  const shares = weights(readers);
  return readers.reduce((total, { auc }, r) => (shares[r] > 0 ? total + shares[r] * auc : total), 0);
}

function differenceOf(a: Part, b: Part, paired: boolean, options: OneShotOptions): OneShotDifference {
  const cross = covarianceOf(a, b, paired, options.random);
  const variance = a.value + b.value - 2 * cross.value;
  const found = estimate(pooled(a.readers) - pooled(b.readers), variance, [a, b], cross, options);
  const t = found.value === 0 && found.error === 0 ? 0 : found.value / found.error;
  return { ...found, t, p: Number.isNaN(t) ? Number.NaN : fTail(t ** 2, 1, found.df) };
}

/** What rounding leaves of a variance of nought. */
const rounding = 1e-14;

function estimate(
  value: number,
  variance: number,
  parts: readonly Part[],
  cross: Covariance | undefined,
  { level = 0.95 }: OneShotOptions,
): OneShotEstimate {
  const error = Math.sqrt(Math.abs(variance) < rounding ? 0 : variance);
  const df = degrees(variance, parts, cross);
  const half = criticalT(level, df) * error;
  return { value, error, df, ci: [value - half, value + half] };
}

/** Satterthwaite's; a factor that both modalities share has one mean square, of their difference. */
function degrees(variance: number, parts: readonly Part[], cross: Covariance | undefined): number {
  let [least, below] = [Infinity, 0];
  for (const factor of ["negatives", "positives", "readers"] as const) {
    const own = parts.flatMap(({ sampled, coefficients, components }) => {
      if (!coefficients || !components || (factor === "readers" && !sampled)) return [];
      const df = Math.max(1, Math.round(1 / coefficients[factor] - 1));
      return { df, component: components[factor] };
    });
    least = Math.min(least, ...own.map(({ df }) => df));
    const shared = cross?.coefficients !== undefined && cross.coefficients[factor] > 0;
    const squares = shared
      ? [
          {
            df: Math.min(...own.map(({ df }) => df)),
            component: own.reduce((sum, { component }) => sum + component, -2 * cross.components![factor]),
          },
        ]
      : own;
    below += squares.reduce((sum, { df, component }) => sum + component ** 2 / df ** 3, 0);
  }
  return least === Infinity || below === 0 ? least : Math.max(variance ** 2 / below, least);
}
