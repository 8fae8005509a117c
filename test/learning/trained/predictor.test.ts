import { expect, test } from "vitest";
import { evaluate } from "../../../src/learning/train/evaluate.ts";
import { cropExamples } from "../../../src/learning/train/examples.ts";
import { deploy } from "../../../src/learning/train/exportModel.ts";
import { openLearner } from "../../../src/learning/train/learner/learner.ts";
import { measureCrops } from "../../../src/learning/trained/measureCrops.ts";
import { openPredictor } from "../../../src/learning/trained/predictor.ts";
import { parametersIn } from "../../../src/numerics/graph/index.ts";
import { drawnCrop } from "../train/crops.ts";
import { tinyData, tinySettings } from "../train/tinyRun.ts";

const data = tinyData(40);
const settings = tinySettings();
const learner = await openLearner(settings);
const { logits, validationAuc } = await evaluate(learner, cropExamples(data, settings), data, settings);
const { layout, vectors } = learner;
const model = deploy(
  { weights: parametersIn(vectors.theta, layout), logits, validationAuc, bestEpoch: 3 },
  data,
  settings,
);
await learner.close();

test("answers as the network it was trained as, calibrated; each gate's weights sum to 1", async () => {
  const predictor = await openPredictor({ folder: "", ...model });
  for (const [i, c] of data.validation.entries()) {
    const { probabilities, gates } = await predictor.answer(data.crops[c]);
    settings.tasks.forEach((task, t) => {
      const { slope, intercept } = model.config.calibration[task]!;
      const x = slope * logits[2 * i + t] + intercept;
      expect(probabilities[task]).toBeCloseTo(1 / (1 + Math.exp(-x)), 4);
    });
    expect(gates.map(({ level, gate }) => [level, gate])).toEqual([
      [1, "histology"],
      [1, "stage"],
    ]);
    for (const { weights } of gates) expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  }
  await predictor.close();
});

test("gives what is measured as it is measured", async () => {
  const predictor = await openPredictor({ folder: "", ...model });
  const [row] = await measureCrops([data.crops[0]], settings.crop, 1);
  const { features } = await predictor.answer(data.crops[0]);
  row.forEach((value, f) => {
    expect(features![f]).toBeCloseTo(value, 5);
  });
  expect(features).toHaveLength(row.length + settings.embedding);
  await predictor.close();
});

test("answers a case without some phases, the same whatever their place holds", async () => {
  const predictor = await openPredictor({ folder: "", ...model });
  const crop = drawnCrop(3, [false, true, false]);
  const { probabilities } = await predictor.answer(crop);
  const other = { ...crop, hu: crop.hu.map((hu, v) => (v >= 512 && v < 1024 ? hu : 7 * hu)) };
  expect((await predictor.answer(other)).probabilities).toEqual(probabilities);
  expect((await predictor.answer(drawnCrop(3))).probabilities).not.toEqual(probabilities);
  await predictor.close();
});

test("a damaged network is E_RUNTIME", async () => {
  const onnx = model.onnx.slice(0, model.onnx.length >> 1);
  await expect(openPredictor({ folder: "", config: model.config, onnx })).rejects.toMatchObject({
    code: "E_RUNTIME",
  });
});
