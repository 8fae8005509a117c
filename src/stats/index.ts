export { association } from "./association.ts";
export { auc } from "./auc.ts";
export { betaCdf, betaQuantile } from "./beta.ts";
export { type BootstrapOptions, bootstrap } from "./bootstrap.ts";
export { brier } from "./brier.ts";
export { type ChiSquare, type Counts, chiSquare, chiSquareTail } from "./chiSquare.ts";
export { type Classes, classes } from "./classes.ts";
export { clopperPearson } from "./clopperPearson.ts";
export { type Confusion, confusion, type Operating, operating, type Proportion } from "./confusion.ts";
export {
  type AucDifference,
  type AucEstimate,
  delongAuc,
  delongPaired,
  delongUnpaired,
  type Interval,
} from "./delong.ts";
export { fisherExact } from "./fisherExact.ts";
export { gammaQ, logGamma } from "./gamma.ts";
export { type Icc, icc } from "./icc.ts";
export { crossTable, type KappaWeights, kappa } from "./kappa.ts";
export { type Logistic, logistic, logisticProbability } from "./logistic.ts";
export { mannWhitney } from "./mannWhitney.ts";
export { mean, variance } from "./moments.ts";
export { netBenefit, netBenefitOfAll, netBenefitOfNone } from "./netBenefit.ts";
export { criticalValue, normalCdf, normalQuantile, normalTwoSided } from "./normal.ts";
export { quantile } from "./quantile.ts";
export { midranks } from "./ranks.ts";
export { type RocPoint, roc } from "./roc.ts";
export { studentQuantile, studentTwoSided } from "./student.ts";
export { welch } from "./welch.ts";
export { wilson } from "./wilson.ts";
export { type YoudenPoint, youden } from "./youden.ts";
