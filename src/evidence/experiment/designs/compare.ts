import { varianceOfMean } from "../../../numerics/stats/auc/delong.ts";
import { criticalValue, normalTwoSided } from "../../../numerics/stats/distributions/normal.ts";
import { delongAuc, delongPaired, placements } from "../../../numerics/stats/index.ts";
import { mean, variance } from "../../../numerics/stats/moments.ts";
import type { Seeds } from "../experimentResults.ts";
import { type Logits, type Sample, scoresOf } from "../logits.ts";

type Tested = Seeds["averaged"][number]["meanLogit"];
type Spread = Seeds["averaged"][number]["ofSeeds"];

/** AUC with DeLong's interval, and the accuracy where a probability of one half or more is positive. @throws as `delongAuc` */
export function aucOf(sample: Sample, logits: Logits) {
  const { labels, positives } = sample;
  const scores = scoresOf(sample, logits);
  const { value, ci } = delongAuc(labels, scores);
  const right = labels.filter((label, i) => scores[i] >= 0 === (label === 1)).length;
  return { n: labels.length, positives, value, ci: pairOf(ci), accuracy: right / labels.length };
}

/** Paired DeLong test, a minus b. @throws as `delongPaired` */
export function testPair(sample: Sample, a: Logits, b: Logits): Tested {
  const { difference, ci, z, p } = delongPaired(sample.labels, scoresOf(sample, a), scoresOf(sample, b));
  return { difference, ci: pairOf(ci), ...(Number.isFinite(z) ? { z, p } : { z: null, p: null }) };
}

/**
 * The mean of paired AUC differences over several models of each kind (seeds), with its variance over cases by
 * DeLong's components, which are averaged over the models first. The models are fixed: their own spread is not in it.
 * @param a of each seed; `b` likewise, or one for all
 */
export function testMeanPair(sample: Sample, a: readonly Logits[], b: readonly Logits[]): Tested {
  const [va, vb] = [meanPlacements(sample, a), meanPlacements(sample, b)];
  const d = {
    positives: va.positives.map((v, i) => v - vb.positives[i]),
    negatives: va.negatives.map((v, i) => v - vb.negatives[i]),
  };
  const difference = mean(d.positives);
  const error = Math.sqrt(varianceOfMean(d));
  const half = criticalValue(0.95) * error;
  const z = difference === 0 ? 0 : difference / error;
  return {
    difference,
    ci: [difference - half, difference + half],
    ...(Number.isFinite(z) ? { z, p: normalTwoSided(z) } : { z: null, p: null }),
  };
}

function meanPlacements(sample: Sample, models: readonly Logits[]) {
  const all = models.map((logits) => placements(sample.labels, scoresOf(sample, logits)));
  const average = (part: "positives" | "negatives") =>
    all[0][part].map((_, i) => mean(all.map((own) => own[part][i])));
  return { positives: average("positives"), negatives: average("negatives") };
}

export const spreadOf = (values: readonly number[]): Spread => ({
  mean: mean(values),
  sd: values.length < 2 ? null : Math.sqrt(variance(values)),
  min: Math.min(...values),
  max: Math.max(...values),
});

const pairOf = ([low, high]: readonly [number, number]): [number, number] => [low, high];
