export { type Adjustment, adjust, adjustments } from "./adjust.ts";
export { association } from "./association.ts";
export { auc } from "./auc.ts";
export { bcaInterval, percentileInterval } from "./bca.ts";
export { betaCdf, betaQuantile } from "./beta.ts";
export { type BootstrapOptions, bootstrap } from "./bootstrap.ts";
export {
  aucInterval,
  aucReplicates,
  type BootstrapDifference,
  bootstrapAuc,
  bootstrapDifference,
} from "./bootstrapAuc.ts";
export { brier } from "./brier.ts";
export { type BrierDecomposition, brierDecomposition } from "./brierDecomposition.ts";
export { calibrationInTheLarge, calibrationSlope } from "./calibration.ts";
export {
  type CalibrationCurveOptions,
  type CalibrationErrors,
  type CalibrationPoint,
  calibrationCurve,
  calibrationErrors,
} from "./calibrationCurve.ts";
export { type ChiSquare, type Counts, chiSquare, chiSquareTail } from "./chiSquare.ts";
export { type Classes, classes } from "./classes.ts";
export { clopperPearson } from "./clopperPearson.ts";
export {
  type AucComparison,
  type AucPair,
  type CompareAucsOptions,
  compareAucs,
  compareMethods,
} from "./compareAucs.ts";
export { type Confusion, confusion, type Operating, operating, type Proportion } from "./confusion.ts";
export { type AucCovarianceMethod, type CorrelatedAucs, correlatedAucs } from "./correlatedAucs.ts";
export {
  type DecisionCurveOptions,
  type DecisionPoint,
  decisionCurve,
  type NetBenefitDifference,
  netBenefitDifference,
} from "./decisionCurve.ts";
export {
  type AucDifference,
  type AucEstimate,
  delongAuc,
  delongPaired,
  delongUnpaired,
  type Interval,
} from "./delong.ts";
export { fQuantile, fTail } from "./fDistribution.ts";
export { fisherExact } from "./fisherExact.ts";
export { fleissKappa } from "./fleissKappa.ts";
export { gammaQ, logGamma } from "./gamma.ts";
export { hanleyMcNeil, type SampleSize, sampleSizeForWidth } from "./hanleyMcNeil.ts";
export { type Icc, icc } from "./icc.ts";
export { iccInterval } from "./iccInterval.ts";
export { type Isotonic, isotonic, isotonicProbability } from "./isotonic.ts";
export { jackknife } from "./jackknife.ts";
export { crossTable, type KappaWeights, kappa } from "./kappa.ts";
export { kappaInterval } from "./kappaInterval.ts";
export { ledoitWolf, type ShrunkCovariance } from "./ledoitWolf.ts";
export { type LikelihoodRatio, likelihoodRatios } from "./likelihoodRatios.ts";
export { inverse, type Matrix } from "./linear.ts";
export { type Logistic, logistic, logisticProbability } from "./logistic.ts";
export { type LogisticFit, type LogisticFitOptions, logisticFit } from "./logisticFit.ts";
export { logit, logits, sigmoid } from "./logit.ts";
export { logitInterval } from "./logitInterval.ts";
export { mannWhitney } from "./mannWhitney.ts";
export { type McNemar, mcnemar } from "./mcnemar.ts";
export { meanKappa } from "./meanKappa.ts";
export { mean, variance } from "./moments.ts";
export { type Mrmc, type MrmcComponents, mrmc, mrmcOf } from "./mrmc.ts";
export { type MrmcOptions, mrmcMean, type RandomFactors, type ReaderMean } from "./mrmcMean.ts";
export { mrmcStandalone, type StandaloneDifference } from "./mrmcStandalone.ts";
export { netBenefit, netBenefitOfAll, netBenefitOfNone } from "./netBenefit.ts";
export { marginTest, type NonInferiority, nonInferiority } from "./nonInferiority.ts";
export { criticalValue, normalCdf, normalQuantile, normalTwoSided } from "./normal.ts";
export { type OperatingPoint, operatingPoints } from "./operatingPoints.ts";
export { type PartialAucOptions, partialAuc } from "./partialAuc.ts";
export { type Placements, placements } from "./placements.ts";
export { type Platt, platt, plattProbability } from "./platt.ts";
export { powerOneAuc, sampleSizeOneAuc, type TestDesign } from "./powerOneAuc.ts";
export {
  type PairedAucs,
  powerPairedAucs,
  sampleSizeFromPilot,
  sampleSizePairedAucs,
} from "./powerPairedAucs.ts";
export { averagePrecision, type PrecisionRecallPoint, precisionRecall } from "./precisionRecall.ts";
export { quantile } from "./quantile.ts";
export { midranks } from "./ranks.ts";
export { restrictedCubicSpline, splineKnots } from "./restrictedCubicSpline.ts";
export { type RocPoint, roc } from "./roc.ts";
export { studentQuantile, studentTwoSided } from "./student.ts";
export { temperature, temperatureProbability } from "./temperature.ts";
export { thresholdAtSensitivity, thresholdAtSpecificity } from "./thresholdAt.ts";
export { type Estimate, wald } from "./wald.ts";
export { welch } from "./welch.ts";
export { wilson } from "./wilson.ts";
export { type YoudenPoint, youden } from "./youden.ts";
