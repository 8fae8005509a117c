import { TrinephronError } from "../../../base/errors.ts";
import { classes } from "../classes.ts";
import { logisticFit } from "../regression/logisticFit.ts";
import { logit, logits, sigmoid } from "../regression/logit.ts";

/**
 * Temperature T > 0 of greatest likelihood for probabilities sigmoid(logit / T) (Guo et al., ICML 2017): above 1 the
 * predictions were too extreme. 1/T is the slope of a logistic regression on the logits without a constant.
 * Fit it in other cases than those it is judged in.
 * @param labels 1 positive, 0 negative
 * @param probabilities inside (0, 1)
 * @throws E_LABEL, E_ONE_CLASS as `classes`; E_VALUE for a probability of 0, 1 or outside
 * @throws E_VALUE where no finite positive temperature fits: ½ parts the classes completely, or the likelihood rises
 * towards the reverse of the predictions
 */
export function temperature(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  classes(labels, probabilities);
  const x = logits(probabilities);
  if (x.every((value, i) => (labels[i] === 1 ? value >= 0 : value <= 0)))
    throw new TrinephronError("E_VALUE", "probabilities parted completely by ½: no finite temperature");
  if (x.every((value, i) => (labels[i] === 1 ? value <= 0 : value >= 0))) throw wrongWay();
  const {
    coefficients: [slope],
  } = logisticFit([x], labels);
  if (slope <= 0) throw wrongWay();
  return 1 / slope;
}

const wrongWay = () =>
  new TrinephronError("E_VALUE", "temperature scaling of probabilities that point the wrong way");

/** A probability at a temperature. @param probability in [0, 1] */
export const temperatureProbability = (temperature: number, probability: number): number =>
  sigmoid(logit(probability) / temperature);
