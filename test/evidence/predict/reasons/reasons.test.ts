import { expect, test } from "vitest";
import { networkWeights } from "../../../../src/evidence/predict/reasons/networkWeights.ts";
import { reasons } from "../../../../src/evidence/predict/reasons/reasons.ts";
import { heads, networkFeatures } from "../../../../src/learning/model/network.ts";
import { networkConfig } from "../../../../src/learning/trained/networkConfig.ts";
import { openPredictor } from "../../../../src/learning/trained/predictor.ts";
import { inferenceGraph, input } from "../../../../src/numerics/graph/index.ts";
import { evaluate } from "../../../numerics/graph/interpreter.ts";
import { data, settings, tinyModel } from "../tinyModel.ts";

const model = await tinyModel();
const weights = networkWeights(model)!;

test("reasons add up to the calibrated logit less the reference's", async () => {
  const predictor = await openPredictor(model);
  const { features, logits } = await predictor.answer(data.crops[30]);
  await predictor.close();
  const reference = model.familiarity!.mean;
  const added = await reasons(model.config, weights, features!, reference);

  const config = networkConfig(settings);
  const path = input("path", [1, reference.length]);
  const graph = inferenceGraph(
    (source) => ({ y: heads(path, config, source).logits }),
    weights.theta,
    weights.layout,
  );
  const [plain] = evaluate(
    [graph.outputs.y],
    new Map<never, never>([...graph.weights!, [path, Float64Array.from(reference)]] as never),
  );
  settings.tasks.forEach((task, t) => {
    const { slope, intercept } = model.config.calibration[task]!;
    const expected = logits[task]! - (slope * plain[t] + intercept);
    const total = added[task]!.reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(expected, 3);
    expect(added[task]).toHaveLength(networkFeatures(config).length);
  });
});

test("a case at the reference has no reasons", async () => {
  const { mean } = model.familiarity!;
  const added = await reasons(model.config, weights, mean, mean);
  for (const values of Object.values(added)) expect(values!.every((value) => value === 0)).toBe(true);
});
