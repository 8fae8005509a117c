import { deploy } from "../../src/train/deploy.ts";
import { evaluate, featuresOf } from "../../src/train/evaluate.ts";
import { familiarityOf } from "../../src/train/familiarity.ts";
import { openLearner } from "../../src/train/learner.ts";
import type { ModelFolder } from "../../src/train/modelFolder.ts";
import { tinyData, tinySettings } from "../train/tinyRun.ts";

export const data = tinyData(40);
export const settings = tinySettings();

/** The smallest network after a few steps, deployed. */
export async function tinyModel(): Promise<ModelFolder & { readonly logits: Float32Array }> {
  const learner = await openLearner(settings);
  try {
    const features = (cases: readonly number[]) => featuresOf(learner, data, cases, settings);
    const familiarity = familiarityOf(await features(data.train), await features(data.validation));
    const { logits, validationAuc } = await evaluate(learner, data, settings);
    const trained = {
      layout: learner.layout,
      theta: learner.vectors.averaged,
      logits,
      validationAuc,
      bestEpoch: 1,
    };
    return { folder: "", ...deploy({ ...trained, familiarity }, data, settings), familiarity, logits };
  } finally {
    await learner.close();
  }
}
