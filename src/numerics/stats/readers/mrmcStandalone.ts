import { type CorrelatedAucs, correlatedAucs } from "../auc/correlatedAucs.ts";
import { fTail } from "../distributions/fDistribution.ts";
import { type MrmcOptions, type ReaderMean, readerMean } from "./mrmcMean.ts";

/** A standalone model's AUC minus the readers' mean AUC. */
export interface StandaloneDifference extends ReaderMean {
  /** Of the model. */
  readonly standalone: number;
  /** Mean over the readers. */
  readonly readers: number;
  /** ±∞ where the AUCs differ and the error is nought; 0 where both are nought. */
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * A model against the mean of readers of the same cases: each reader's AUC is taken from the model's, and the mean
 * difference tested against nought as one treatment's mean is (Hillis, Stat Med 2007;26:596, § 5.3; the use for a
 * standalone algorithm: Chakraborty, Observer Performance Methods for Diagnostic Imaging, CRC 2017, ch. 22, there
 * 1T-RRRC). It gives the F, degrees of freedom and p of a two-modality analysis in which the model's scores stand
 * for those of every reader in one modality (Kooi et al., IWDM 2016).
 * @param standalone the model's scores
 * @param readers one column of scores a reader, all in the order of `labels`
 * @throws E_TOO_FEW for fewer than two readers where they are random; and as `correlatedAucs`
 */
export function mrmcStandalone(
  labels: ArrayLike<number>,
  standalone: ArrayLike<number>,
  readers: readonly ArrayLike<number>[],
  options: MrmcOptions = {},
): StandaloneDifference {
  const aucs = correlatedAucs(labels, [standalone, ...readers], options.covariance);
  const { values, covariance } = differences(aucs);
  const found = readerMean(values, covariance, options);
  const t = found.value === 0 ? 0 : found.value / found.error;
  return {
    ...found,
    standalone: aucs.values[0],
    readers: aucs.values[0] - found.value,
    t,
    p: fTail(t * t, 1, found.df),
  };
}

/** First minus each other, and the covariances of these differences. */
function differences({ values, covariance }: CorrelatedAucs): CorrelatedAucs {
  const others = Array.from({ length: values.length - 1 }, (_, j) => j + 1);
  return {
    values: Float64Array.from(others, (j) => values[0] - values[j]),
    covariance: others.map((j) =>
      Float64Array.from(
        others,
        (k) => covariance[0][0] - covariance[0][j] - covariance[0][k] + covariance[j][k],
      ),
    ),
  };
}
