import { evaluate, featuresOf } from "../../../src/learning/train/evaluate.ts";
import { cropExamples } from "../../../src/learning/train/examples.ts";
import { deploy } from "../../../src/learning/train/exportModel.ts";
import { openLearner } from "../../../src/learning/train/learner/learner.ts";
import { familiarityOf } from "../../../src/learning/trained/familiarity.ts";
import type { ModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { parametersIn } from "../../../src/numerics/graph/index.ts";
import { tinyData, tinySettings } from "../../learning/train/tinyRun.ts";

export const data = tinyData(40);
export const settings = tinySettings();

/** The smallest network after a few steps, deployed. */
export async function tinyModel(): Promise<ModelFolder & { readonly logits: Float32Array }> {
  const learner = await openLearner(settings);
  try {
    const examples = cropExamples(data, settings);
    const features = (cases: readonly number[]) => featuresOf(learner, examples, data, cases, settings);
    const familiarity = familiarityOf(await features(data.train), await features(data.validation));
    const { logits, validationAuc } = await evaluate(learner, examples, data, settings);
    const trained = {
      weights: parametersIn(learner.vectors.averaged, learner.layout),
      logits,
      validationAuc,
      bestEpoch: 1,
    };
    return { folder: "", ...deploy({ ...trained, familiarity }, data, settings), familiarity, logits };
  } finally {
    await learner.close();
  }
}
