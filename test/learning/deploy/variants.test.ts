import fc from "fast-check";
import * as web from "onnxruntime-web";
import { beforeAll, describe, expect, test } from "vitest";
import { channels, cropInput } from "../../../src/learning/crop/cropInput.ts";
import { changes } from "../../../src/learning/deploy/optimize.ts";
import { type VariantName, variantNames, variants } from "../../../src/learning/deploy/variants.ts";
import { quantized } from "../../../src/learning/deploy/weights.ts";
import { deploy } from "../../../src/learning/train/exportModel.ts";
import { openLearner } from "../../../src/learning/train/learner/learner.ts";
import type { ModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { openPredictor } from "../../../src/learning/trained/predictor.ts";
import {
  attributesOf,
  elementTypes,
  type OnnxModel,
  readOnnx,
  writeOnnx,
} from "../../../src/numerics/graph/file/onnxModel.ts";
import { openSession, parametersIn } from "../../../src/numerics/graph/index.ts";
import { tinyData, tinySettings } from "../train/tinyRun.ts";

const data = tinyData(40);
let model: ModelFolder;
const made = {} as Record<VariantName, Uint8Array>;
beforeAll(async () => {
  const settings = tinySettings({ backbone: { width: 16, stages: 2 } });
  const learner = await openLearner(settings);
  const theta = learner.vectors.theta.map((x, i) => x + 0.02 * Math.sin(i));
  await learner.close();
  const logits = new Float32Array(2 * data.validation.length);
  const trained = { weights: parametersIn(theta, learner.layout), logits, validationAuc: {}, bestEpoch: 1 };
  model = { folder: "", ...deploy(trained, data, settings) };
  for (const name of variantNames) made[name] = await variants[name].make(model, data);
});

const answers = async (onnx: Uint8Array): Promise<number[]> => {
  const predictor = await openPredictor({ ...model, onnx });
  const found: number[] = [];
  for (const c of data.validation)
    found.push(...Object.values((await predictor.answer(data.crops[c])).probabilities).map((p) => p!));
  await predictor.close();
  return found;
};
const ops = ({ nodes }: OnnxModel) => nodes.map(({ op }) => op);

test("a file taken apart and put together answers with the same bits", async () => {
  const again = writeOnnx(readOnnx(model.onnx));
  expect(readOnnx(again)).toEqual(readOnnx(model.onnx));
  expect(await answers(again)).toEqual(await answers(model.onnx));
});

describe.each(variantNames)("%s", (name) => {
  test("holds ONNX's own operators alone and the original's metadata", () => {
    const { nodes, metadata, rest } = readOnnx(made[name]);
    expect(nodes.filter(({ domain }) => domain !== "")).toEqual([]);
    expect(metadata).toEqual(readOnnx(model.onnx).metadata);
    // One set of operators: ONNX's own.
    expect(rest.filter(({ field }) => field === 8)).toHaveLength(1);
  });

  test("answers as the original but for rounding", async () => {
    const [expected, found] = [await answers(model.onnx), await answers(made[name])];
    const worst = Math.max(...expected.map((p, i) => Math.abs(p - found[i])));
    expect(worst).toBeLessThan({ fp32: 1e-6, fp16: 1e-3, int8: 2e-2, "int8-static": 5e-2 }[name]);
    if (name !== "fp32") expect(worst).toBeGreaterThan(0);
  });
});

test("another build of ONNX Runtime answers alike", async () => {
  web.env.wasm.numThreads = 1;
  const { crop } = model.config.settings;
  const shape = [1, channels(crop), crop.voxels, crop.voxels, crop.voxels];
  const image = { data: cropInput(data.crops[data.validation[0]], crop), shape };
  for (const name of variantNames) {
    const [here, there] = [await openSession(made[name]), await openSession(made[name], { runtime: web })];
    const [expected, found] = [await here.run({ image }), await there.run({ image })];
    // Where a value lies between two of 256 steps, rounding tells on which it falls.
    for (const [t, p] of found.probabilities.entries())
      expect(Math.abs(p - expected.probabilities[t]), name).toBeLessThan(
        name === "int8-static" ? 1e-2 : 1e-4,
      );
    await Promise.all([here.close(), there.close()]);
  }
});

describe("weights", () => {
  const bytes = (onnx: Uint8Array) =>
    readOnnx(onnx).initializers.reduce((n, { bytes }) => n + bytes.length, 0);
  test("take half the place in half precision, less as whole numbers", () => {
    expect(bytes(made.fp16) / bytes(made.fp32)).toBeLessThan(0.6);
    expect(bytes(made.int8) / bytes(made.fp32)).toBeLessThan(0.4);
  });

  test("of every convolution are whole numbers, by output channel", () => {
    const { nodes, initializers } = readOnnx(made.int8);
    const convolutions = nodes.filter(({ op }) => op === "Conv");
    expect(convolutions.length).toBeGreaterThan(3);
    for (const { inputs } of convolutions) {
      const from = nodes.find(({ outputs }) => outputs[0] === inputs[1])!;
      expect([from.op, attributesOf(from).axis]).toEqual(["DequantizeLinear", 0]);
      const [codes, scale] = from.inputs.map((input) => initializers.find((i) => i.name === input)!);
      expect(codes.type).toBe(elementTypes.int8);
      expect(scale.shape).toEqual([codes.shape[0]]);
    }
  });

  test("are off by half a step of their channel at most; the largest of each channel is ±127", () => {
    const length = fc.integer({ min: 1, max: 5 });
    const value = fc.float({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(length, length, fc.infiniteStream(value), (channels, each, stream) => {
        const values = Float32Array.from({ length: channels * each }, () => stream.next().value);
        const { codes, scales } = quantized(values, [channels, each]);
        for (let c = 0; c < channels; c++) {
          const own = [...values.subarray(c * each, (c + 1) * each)];
          const code = [...codes.subarray(c * each, (c + 1) * each)];
          own.forEach((v, i) => {
            expect(Math.abs(v - code[i] * scales[c])).toBeLessThanOrEqual(0.5001 * scales[c]);
          });
          const largest = Math.max(...own.map(Math.abs));
          expect(Math.max(...code.map(Math.abs))).toBe(largest < 127e-30 ? 0 : 127);
        }
      }),
    );
  });
});

test("int8-static: every convolution reads and writes whole numbers", () => {
  const { nodes } = readOnnx(made["int8-static"]);
  for (const { inputs, outputs } of nodes.filter(({ op }) => op === "Conv")) {
    expect(nodes.find((n) => n.outputs[0] === inputs[0])!.op).toBe("DequantizeLinear");
    expect(nodes.filter((n) => n.inputs.includes(outputs[0])).map(({ op }) => op)).toEqual([
      "QuantizeLinear",
    ]);
  }
  expect(ops(readOnnx(made.int8))).not.toContain("QuantizeLinear");
});

test("a variant whose order of cases differs by more than 0.005 of an AUC is not usable", () => {
  const own = { ...data, labels: data.labels.map((_, i) => [(i % 2) as 0 | 1, (i % 2) as 0 | 1]) };
  const parity = data.validation.map((c) => c % 2);
  const of = (probability: (positive: number, i: number) => readonly [number, number]) =>
    Float32Array.from(parity.flatMap((positive, i) => probability(positive, i)));
  const perfect = of((positive) => [positive, positive]);
  const shifted = of((positive) => [0.2 + 0.5 * positive, positive]);
  expect(changes(model.config, own, perfect, shifted)).toEqual({
    aucDifference: { histology: 0, stage: 0 },
    largestProbabilityDifference: expect.closeTo(0.3, 6),
    usable: true,
  });
  const swapped = of((positive, i) => [positive, i === 0 ? 1 - positive : positive]);
  const { usable, aucDifference } = changes(model.config, own, perfect, swapped);
  // Three of each class; one case on the wrong side, level with the other class's three.
  expect(aucDifference.histology).toBe(0);
  expect(aucDifference.stage).toBeCloseTo(-1 / 6, 12);
  expect(usable).toBe(false);
});
