/**
 * Statistics of diagnostic studies, as pure functions over arrays: labels are 1 positive and 0 negative, higher
 * scores mean positive. docs/statistics.md is the guide.
 */

export { fleissKappa } from "./agreement/fleissKappa.ts";
export { type Icc, icc } from "./agreement/icc.ts";
export { iccInterval } from "./agreement/iccInterval.ts";
export { crossTable, type KappaWeights, kappa } from "./agreement/kappa.ts";
export { kappaInterval } from "./agreement/kappaInterval.ts";
export { meanKappa } from "./agreement/meanKappa.ts";
export { auc } from "./auc/auc.ts";
export {
  aucReplicates,
  type BootstrapDifference,
  bootstrapAuc,
  bootstrapDifference,
} from "./auc/bootstrapAuc.ts";
export {
  type AucComparison,
  type AucPair,
  type CompareAucsOptions,
  compareAucs,
  compareMethods,
} from "./auc/compareAucs.ts";
export { type AucCovarianceMethod, type CorrelatedAucs, correlatedAucs } from "./auc/correlatedAucs.ts";
export {
  type AucDifference,
  type AucEstimate,
  delongAuc,
  delongPaired,
  delongUnpaired,
  type Interval,
} from "./auc/delong.ts";
export { hanleyMcNeil, type SampleSize, sampleSizeForWidth } from "./auc/hanleyMcNeil.ts";
export { mannWhitney } from "./auc/mannWhitney.ts";
export { type NonInferiority, nonInferiority } from "./auc/nonInferiority.ts";
export { type PartialAucOptions, partialAuc } from "./auc/partialAuc.ts";
export { type Placements, placements } from "./auc/placements.ts";
export { averagePrecision, type PrecisionRecallPoint, precisionRecall } from "./auc/precisionRecall.ts";
export { type RocPoint, roc } from "./auc/roc.ts";
export { brier } from "./calibration/brier.ts";
export { type BrierDecomposition, brierDecomposition } from "./calibration/brierDecomposition.ts";
export { calibrationInTheLarge, calibrationSlope } from "./calibration/calibration.ts";
export {
  type CalibrationCurveOptions,
  type CalibrationErrors,
  type CalibrationPoint,
  calibrationCurve,
  calibrationErrors,
} from "./calibration/calibrationCurve.ts";
export { type Isotonic, isotonic, isotonicProbability } from "./calibration/isotonic.ts";
export { type Platt, platt, plattProbability } from "./calibration/platt.ts";
export { temperature, temperatureProbability } from "./calibration/temperature.ts";
export { type Classes, classes } from "./classes.ts";
export {
  type DecisionCurveOptions,
  type DecisionPoint,
  decisionCurve,
  type NetBenefitDifference,
  netBenefitDifference,
} from "./decision/decisionCurve.ts";
export { netBenefit, netBenefitOfAll, netBenefitOfNone } from "./decision/netBenefit.ts";
export { ledoitWolf, type ShrunkCovariance } from "./ledoitWolf.ts";
export {
  type Confusion,
  confusion,
  type Operating,
  operating,
  type Proportion,
} from "./operating/confusion.ts";
export { type LikelihoodRatio, likelihoodRatios } from "./operating/likelihoodRatios.ts";
export { type OperatingPoint, operatingPoints } from "./operating/operatingPoints.ts";
export { thresholdAtSensitivity, thresholdAtSpecificity } from "./operating/thresholdAt.ts";
export { type YoudenPoint, youden } from "./operating/youden.ts";
export { powerOneAuc, sampleSizeOneAuc, type TestDesign } from "./power/powerOneAuc.ts";
export {
  type PairedAucs,
  powerPairedAucs,
  sampleSizeFromPilot,
  sampleSizePairedAucs,
} from "./power/powerPairedAucs.ts";
export { clopperPearson } from "./proportions/clopperPearson.ts";
export { logitInterval } from "./proportions/logitInterval.ts";
export { type Estimate, wald } from "./proportions/wald.ts";
export { wilson } from "./proportions/wilson.ts";
export { quantile } from "./quantile.ts";
export { midranks } from "./ranks.ts";
export { type Mrmc, type MrmcComponents, mrmc } from "./readers/mrmc.ts";
export { type MrmcOptions, mrmcMean, type RandomFactors, type ReaderMean } from "./readers/mrmcMean.ts";
export {
  mrmcOneShot,
  mrmcOneShotStandalone,
  type OneShot,
  type OneShotDifference,
  type OneShotEstimate,
  type OneShotMean,
  type OneShotOptions,
  type OneShotStandalone,
} from "./readers/mrmcOneShot.ts";
export { mrmcStandalone, type StandaloneDifference } from "./readers/mrmcStandalone.ts";
export type { SparseColumn } from "./readers/oneShotMoments.ts";
export type { Matrix } from "./regression/linear.ts";
export { type Logistic, logistic, logisticProbability } from "./regression/logistic.ts";
export { type LogisticFit, type LogisticFitOptions, logisticFit } from "./regression/logisticFit.ts";
export { logit, sigmoid } from "./regression/logit.ts";
export { restrictedCubicSpline } from "./regression/restrictedCubicSpline.ts";
export { bcaInterval, percentileInterval } from "./resampling/bca.ts";
export { type BootstrapOptions, bootstrap } from "./resampling/bootstrap.ts";
export { jackknife } from "./resampling/jackknife.ts";
export { type Adjustment, adjust, adjustments } from "./tests/adjust.ts";
export { association } from "./tests/association.ts";
export { type ChiSquare, type Counts, chiSquare } from "./tests/chiSquare.ts";
export { fisherExact } from "./tests/fisherExact.ts";
export { type McNemar, mcnemar } from "./tests/mcnemar.ts";
export { welch } from "./tests/welch.ts";
