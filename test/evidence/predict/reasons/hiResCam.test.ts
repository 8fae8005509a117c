import { expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { hiResCam } from "../../../../src/evidence/predict/reasons/hiResCam.ts";
import { networkWeights } from "../../../../src/evidence/predict/reasons/networkWeights.ts";
import { type Crop, cropInput } from "../../../../src/learning/crop/cropInput.ts";
import { type Network, network } from "../../../../src/learning/model/network.ts";
import { plainBatches } from "../../../../src/learning/train/batches/batches.ts";
import { weighted } from "../../../../src/learning/train/evaluate.ts";
import { deploy } from "../../../../src/learning/train/exportModel.ts";
import { openLearner } from "../../../../src/learning/train/learner/learner.ts";
import { networkConfig } from "../../../../src/learning/trained/networkConfig.ts";
import { inferenceGraph, parametersIn, type Tensor } from "../../../../src/numerics/graph/index.ts";
import { tinyData, tinySettings } from "../../../learning/train/tinyRun.ts";
import { evaluate } from "../../../numerics/graph/interpreter.ts";
import { data, settings, tinyModel } from "../tinyModel.ts";

test("each place counts as much as the logit moves with what is pooled there, as finite differences tell", async () => {
  const model = await tinyModel();
  const weights = networkWeights(model)!;
  const crop = data.crops[1];
  const maps = await hiResCam(model.config, weights, crop);
  let net: Network | undefined;
  const graph = inferenceGraph(
    (source) => {
      net = network(networkConfig(settings), 1, source, "deployment");
      return { logits: net.logits };
    },
    weights.theta,
    weights.layout,
  );
  const { image, logits, encoded } = net!;
  const [{ stages }] = encoded;
  const given = new Map<Tensor, Float64Array>();
  for (const [tensor, values] of graph.weights!) given.set(tensor, Float64Array.from(values));
  given.set(image, Float64Array.from(cropInput(crop, settings.crop)));
  const held = new Map(given);
  for (const stage of stages) held.set(stage, evaluate([stage], given)[0]);
  const side = settings.crop.voxels;
  settings.tasks.forEach((task, t) => {
    // The outermost voxels of the fine grid lie outside of the coarse centres: they take the coarse values themselves.
    const [first, last] = [0, 1].map((end) => {
      let sum = 0;
      for (const stage of stages) {
        const [, channels, d] = stage.shape;
        const activations = held.get(stage)!;
        for (let c = 0; c < channels; c++) {
          const n = c * d ** 3 + end * (d ** 3 - 1);
          const moved = (by: number) => {
            const changed = activations.slice();
            changed[n] += by;
            return evaluate([logits], new Map(held).set(stage, changed))[0][t];
          };
          sum += ((activations[n] * (moved(1e-4) - moved(-1e-4))) / 2e-4) * (d / side) ** 3;
        }
      }
      return Math.max(sum, 0);
    });
    const map = maps[task]!;
    expect(map).toHaveLength(side ** 3);
    expect(map.every((value) => value >= 0 && value <= 1 + 1e-6)).toBe(true);
    const end = map[side ** 3 - 1];
    if (first + last > 0) expect(map[0] / (map[0] + end)).toBeCloseTo(first / (first + last), 3);
    else expect(map[0] + end).toBe(0);
  });
});

test("of a sign that tells the classes, the sign's place holds the map's maximum", async () => {
  const voxels = 16;
  const reach = 2;
  const draw = random(11);
  /** Noise, and in every second case a bright ball somewhere. */
  const drawn = (i: number): { crop: Crop; at: readonly number[] } => {
    const at = [0, 1, 2].map(() => reach + 1 + draw.integer(voxels - 2 * reach - 2));
    const hu = Int16Array.from({ length: voxels ** 3 }, (_, v) => {
      const place = [v % voxels, Math.floor(v / voxels) % voxels, Math.floor(v / voxels ** 2)];
      const near = Math.hypot(...place.map((x, a) => x - at[a])) <= reach;
      return Math.round(20 * draw.normal() + (near && i % 2 === 1 ? 250 : 0));
    });
    return { crop: { case: `${i}`, present: [true], hu, mask: new Uint8Array(2 * voxels ** 3) }, at };
  };
  const cases = Array.from({ length: 48 }, (_, i) => drawn(i));
  const own = tinySettings({
    tasks: ["stage"],
    features: "learnt",
    crop: { ...settings.crop, phases: ["nephrographic"], voxels, maskChannels: false },
    learningRate: 4e-3,
    optimizer: { kind: "adamw", weightDecay: 0.1 },
    averaging: 0.9,
    batch: 8,
  });
  const run = {
    ...tinyData(48),
    tasks: [tinyData().tasks[1]],
    crops: cases.map(({ crop }) => crop),
    labels: cases.map((_, i) => [(i % 2) as 0 | 1]),
    classWeights: [[1, 1]] as const,
  };
  const learner = await openLearner(own);
  try {
    const batches = () => [...plainBatches(run, run.train, own)].filter(({ count }) => count === own.batch);
    await learner.standardize(batches().map((batch) => weighted(batch, run)));
    for (let epoch = 1; epoch <= 12; epoch++)
      for (const [b, batch] of batches().entries())
        await learner.step(weighted(batch, run), 4e-3, [epoch, b]);
    const model = deploy(
      {
        weights: parametersIn(learner.vectors.averaged, learner.layout),
        logits: Float32Array.from(run.validation, (c) => c % 2),
        validationAuc: {},
        bestEpoch: 1,
      },
      run,
      own,
    );
    const weights = networkWeights({ folder: "", ...model })!;
    const signs = run.validation.filter((c) => c % 2 === 1);
    for (const c of signs) {
      const map = (await hiResCam(model.config, weights, cases[c].crop)).stage!;
      const top = map.indexOf(1);
      const place = [top % voxels, Math.floor(top / voxels) % voxels, Math.floor(top / voxels ** 2)];
      const away = Math.hypot(...place.map((x, a) => x - cases[c].at[a]));
      // The finest stage's voxels are two of the crop's.
      expect(away, `case ${c}`).toBeLessThanOrEqual(reach + 2);
    }
    expect(signs.length).toBeGreaterThan(2);
  } finally {
    await learner.close();
  }
});
