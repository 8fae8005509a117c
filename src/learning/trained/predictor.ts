import { type Device, openModel } from "../../numerics/graph/index.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { type Crop, channels, cropInput } from "../crop/cropInput.ts";
import { type GateOf, gateOutput, gatesOf } from "../model/gates.ts";
import type { ModelFolder } from "./modelFolder.ts";

/** What one gate gave each of its experts. */
interface GateWeights extends GateOf {
  /** In the order of the experts; they sum to 1. */
  readonly weights: readonly number[];
}

/** A model's answers to one case. */
export interface Answer {
  /** Calibrated probability of the positive class. */
  readonly probabilities: Readonly<Partial<Record<Task, number>>>;
  /** The same before the logistic function: finite where a probability rounds to 0 or 1. */
  readonly logits: Readonly<Partial<Record<Task, number>>>;
  /** Of every gate in the order of `gatesOf`; none in models without these outputs. */
  readonly gates: readonly GateWeights[];
  /** Of `networkFeatures`; absent in models from before they were an output. */
  readonly features?: readonly number[];
}

export interface Predictor {
  answer(crop: Crop): Promise<Answer>;
  close(): Promise<void>;
}

/** Opens a trained model. */
export async function openPredictor(
  { config, onnx }: ModelFolder,
  threads = 2,
  device: Device = "cpu",
): Promise<Predictor> {
  const session = await openModel(onnx, { threads, device });
  const { crop, tasks } = { crop: config.settings.crop, tasks: config.tasks };
  const gates = gatesOf(tasks, config.settings.ple);
  const shape = [1, channels(crop), crop.voxels, crop.voxels, crop.voxels];
  return {
    async answer(c) {
      const outputs = await session.run({ image: { data: cropInput(c, crop), shape } });
      return {
        probabilities: Object.fromEntries(tasks.map((task, t) => [task, outputs.probabilities[t]])),
        logits: Object.fromEntries(tasks.map((task, t) => [task, outputs.logits[t]])),
        gates: gates.flatMap((gate) => {
          const weights = outputs[gateOutput(gate.level, gate.gate)];
          return weights ? [{ ...gate, weights: [...weights] }] : [];
        }),
        ...(outputs.features && { features: [...outputs.features] }),
      };
    },
    close: () => session.close(),
  };
}
