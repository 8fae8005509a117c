import { type Device, openModel } from "../../numerics/graph/index.ts";
import type { Task } from "../../patients/cohort/tasks.ts";
import type { Crop } from "../crop/cropInput.ts";
import { cropInput } from "../crop/cropInput.ts";
import type { ModelFolder } from "./modelFolder.ts";

/** A model's answers to one case. */
export interface Answer {
  /** Calibrated probability of the positive class. */
  readonly probabilities: Readonly<Partial<Record<Task, number>>>;
  /** The same before the logistic function: finite where a probability rounds to 0 or 1. */
  readonly logits: Readonly<Partial<Record<Task, number>>>;
  /** Weights of each gate, by output name: `gate.level1.histology`. */
  readonly gates: Readonly<Record<string, readonly number[]>>;
  /** Of `featureNames`; absent in models from before they were an output. */
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
  const channels = crop.phases.length + (crop.maskChannels ? 2 : 0);
  const shape = [1, channels, crop.voxels, crop.voxels, crop.voxels];
  return {
    async answer(c) {
      const outputs = await session.run({ image: { data: cropInput(c, crop), shape } });
      return {
        probabilities: Object.fromEntries(tasks.map((task, t) => [task, outputs.probabilities[t]])),
        logits: Object.fromEntries(tasks.map((task, t) => [task, outputs.logits[t]])),
        gates: Object.fromEntries(
          Object.entries(outputs).flatMap(([name, values]) =>
            name.startsWith("gate.") ? [[name, [...values]]] : [],
          ),
        ),
        ...(outputs.features && { features: [...outputs.features] }),
      };
    },
    close: () => session.close(),
  };
}
