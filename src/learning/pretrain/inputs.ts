import { derivedSeed, random } from "../../base/random.ts";
import { caseWeights } from "../model/loss.ts";
import type { TrainingBatch } from "../train/batches/batches.ts";
import type { Inputs } from "../train/learner/stepper.ts";
import type { PretrainSettings } from "./pretrainSettings.ts";

/**
 * A batch as the pretraining network reads it.
 * @param given 1: pooled over the masks; 0: over its own outlines; by default each case one or the other, drawn
 */
export function pretrainingInputs(
  { input, labels, labelMask, epoch, index }: TrainingBatch,
  { seed, batch }: Pick<PretrainSettings, "seed" | "batch">,
  given?: 0 | 1,
): Inputs {
  const { uniform } = random(derivedSeed(seed, "given", epoch, index));
  return {
    image: input,
    labels,
    weights: caseWeights(labelMask, labels.length / batch),
    given: Float32Array.from({ length: batch }, () => given ?? Math.round(uniform())),
  };
}
