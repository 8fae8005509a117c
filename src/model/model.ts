import { input, type Optimizer, type TrainingGraphs, trainingGraphs } from "../graph/index.ts";
import { binaryCrossEntropy, combine, type TaskWeighting } from "./loss.ts";
import { type NetworkConfig, network } from "./network.ts";

/** Graphs to train a network: one optimiser step, and evaluation with the same flat parameters. */
export function trainingModel(
  config: NetworkConfig,
  batch: number,
  weighting: TaskWeighting,
  optimizer: Optimizer,
): TrainingGraphs {
  return trainingGraphs((source) => {
    const { logits } = network(config, batch, source, { dropout: true });
    const labels = input("labels", [batch, config.tasks.length]);
    const weights = input("weights", [batch, config.tasks.length]);
    const taskLosses = binaryCrossEntropy(logits, labels, weights);
    return { loss: combine(taskLosses, weighting, source), taskLosses, logits };
  }, optimizer);
}
