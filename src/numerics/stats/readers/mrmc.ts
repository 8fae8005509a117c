import { TrinephronError } from "../../../base/errors.ts";
import { twoWayMeanSquares } from "../agreement/twoWayMeanSquares.ts";
import { type CorrelatedAucs, correlatedAucs } from "../auc/correlatedAucs.ts";
import type { Interval } from "../auc/delong.ts";
import { fTail } from "../distributions/fDistribution.ts";
import {
  clipped,
  criticalT,
  ddf,
  type MrmcOptions,
  needReaders,
  type RandomFactors,
  type ReaderMean,
  readerMean,
} from "./mrmcMean.ts";

/** What Obuchowski & Rockette's model estimates. */
export interface MrmcComponents {
  /** MS(T), MS(R), MS(T×R) of the AUCs; NaN where one reader leaves none. */
  readonly meanSquares: { readonly modality: number; readonly reader: number; readonly interaction: number };
  /** Mean variance of an AUC over cases. */
  readonly variance: number;
  /** Same reader, different modalities. */
  readonly cov1: number;
  /** Different readers, same modality. */
  readonly cov2: number;
  /** Different readers, different modalities. */
  readonly cov3: number;
  /** Variance components of reader and of reader by modality; may come out negative. */
  readonly readerVariance: number;
  readonly interactionVariance: number;
}

/** A multi-reader multi-case comparison of modalities. */
export interface Mrmc {
  readonly random: RandomFactors;
  /** `[modality][reader]` */
  readonly aucs: readonly Float64Array[];
  /** Of each modality, from its own data alone. */
  readonly means: readonly ReaderMean[];
  readonly components: MrmcComponents;
  /** Test of all modalities alike. ∞ for F where the means differ without error. */
  readonly test: { readonly f: number; readonly df1: number; readonly df2: number; readonly p: number };
  /** Every two modalities, in order; not adjusted for their number. */
  readonly differences: readonly {
    readonly a: number;
    readonly b: number;
    /** Mean AUC of modality `a` minus that of `b`. */
    readonly value: number;
    readonly error: number;
    readonly df: number;
    readonly ci: Interval;
    readonly t: number;
    readonly p: number;
  }[];
}

/**
 * Multi-reader multi-case comparison of modalities: every reader reads every case in every modality (factorial).
 *
 * Model: Obuchowski & Rockette, Commun Stat Simul Comput 1995;24:285. Tests, intervals and degrees of freedom:
 * Hillis, Stat Med 2007;26:596 (ddf_H) and 2014;33:330, as OR-DBM MRMC 2.5 and R's MRMCaov print them. With fixed
 * readers F has infinite denominator degrees of freedom: (t − 1) F is their chi-square. With the jackknife and
 * random readers the test is Dorfman, Berbaum & Metz's (Hillis et al., Stat Med 2005;24:1579).
 * @param labels 1 positive, 0 negative
 * @param scores `[modality][reader]`: a column in the order of `labels`, higher for positive
 * @throws E_TOO_FEW for one modality, or one reader where readers are random
 * @throws E_VALUE where modalities have different numbers of readers; and as `correlatedAucs`
 */
export function mrmc(
  labels: ArrayLike<number>,
  scores: readonly (readonly ArrayLike<number>[])[],
  options: MrmcOptions = {},
): Mrmc {
  const readers = scores[0]?.length ?? 0;
  if (scores.some((modality) => modality.length !== readers))
    throw new TrinephronError("E_VALUE", "modalities with different numbers of readers");
  return mrmcOf(correlatedAucs(labels, scores.flat(), options.covariance), readers, options);
}

/**
 * The analysis from AUCs and their covariances, however these were found.
 * @param aucs modality by modality, in each reader by reader
 * @throws E_TOO_FEW as `mrmc`
 */
export function mrmcOf(aucs: CorrelatedAucs, readers: number, options: MrmcOptions = {}): Mrmc {
  const { random = "readers and cases", level = 0.95 } = options;
  const t = aucs.values.length / readers;
  needReaders(readers, random);
  if (!(t >= 2)) throw new TrinephronError("E_TOO_FEW", `${t} modality`, "a comparison needs two or more");
  const modalities = Array.from({ length: t }, (_, i) => i);
  const own =
    (i: number) =>
    <T>(all: ArrayLike<T>) =>
      Array.from(all).slice(i * readers, (i + 1) * readers);
  const table = modalities.map((i) => Float64Array.from(own(i)(aucs.values)));
  const means = modalities.map((i) =>
    clipped(readerMean(table[i], own(i)(aucs.covariance).map(own(i)), options)),
  );
  const components = componentsOf(table, aucs.covariance);
  const { square, df } = denominator(components, t, readers, random);
  const test = ratio(components.meanSquares.modality, square);
  const error = Math.sqrt((2 * square) / readers);
  const half = criticalT(level, df) * error;
  return {
    random,
    aucs: table,
    means,
    components,
    test: { f: test, df1: t - 1, df2: df, p: fTail(test, t - 1, df) },
    differences: modalities.flatMap((a) =>
      modalities.slice(a + 1).map((b) => {
        const value = means[a].value - means[b].value;
        const quotient = ratio(value, error);
        return {
          a,
          b,
          value,
          error,
          df,
          ci: [value - half, value + half] as const,
          t: quotient,
          p: fTail(quotient ** 2, 1, df),
        };
      }),
    ),
  };
}

/** 0 over 0 is no difference. */
const ratio = (a: number, b: number) => (a === 0 ? 0 : a / b);

function componentsOf(
  table: readonly Float64Array[],
  covariance: readonly ArrayLike<number>[],
): MrmcComponents {
  const t = table.length;
  const r = table[0].length;
  const { rows: modality, columns: reader, residual: interaction } = twoWayMeanSquares(table);
  const sums = { variance: 0, cov1: 0, cov2: 0, cov3: 0 };
  covariance.forEach((row, i) =>
    Array.from(row).forEach((value, j) => {
      const sameModality = Math.floor(i / r) === Math.floor(j / r);
      const sameReader = i % r === j % r;
      const kind = sameModality ? (sameReader ? "variance" : "cov2") : sameReader ? "cov1" : "cov3";
      sums[kind] += value;
    }),
  );
  const variance = sums.variance / (t * r);
  const cov1 = sums.cov1 / (t * (t - 1) * r);
  const cov2 = r > 1 ? sums.cov2 / (t * r * (r - 1)) : 0;
  const cov3 = r > 1 ? sums.cov3 / (t * (t - 1) * r * (r - 1)) : 0;
  const meanSquares = { modality, reader, interaction };
  return {
    meanSquares,
    variance,
    cov1,
    cov2,
    cov3,
    readerVariance: (meanSquares.reader - meanSquares.interaction) / t - cov1 + cov3,
    interactionVariance: meanSquares.interaction - variance + cov1 + (cov2 - cov3),
  };
}

function denominator(
  { meanSquares, variance, cov1, cov2, cov3 }: MrmcComponents,
  t: number,
  r: number,
  random: RandomFactors,
): { readonly square: number; readonly df: number } {
  const excess = Math.max(cov2 - cov3, 0);
  const { interaction } = meanSquares;
  const df = (t - 1) * (r - 1);
  if (random === "cases") return { square: variance - cov1 + (r - 1) * excess, df: Infinity };
  if (random === "readers") return { square: interaction, df };
  const square = interaction + r * excess;
  return { square, df: ddf(square, interaction, df) };
}
