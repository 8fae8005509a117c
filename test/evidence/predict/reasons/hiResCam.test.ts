import { expect, test } from "vitest";
import { hiResCam } from "../../../../src/evidence/predict/reasons/hiResCam.ts";
import { networkWeights } from "../../../../src/evidence/predict/reasons/networkWeights.ts";
import { cropInput } from "../../../../src/learning/crop/cropInput.ts";
import { type Network, network } from "../../../../src/learning/model/network.ts";
import { networkConfig } from "../../../../src/learning/trained/networkConfig.ts";
import { inferenceGraph, slice, type Tensor } from "../../../../src/numerics/graph/index.ts";
import { evaluate } from "../../../numerics/graph/interpreter.ts";
import { data, settings, tinyModel } from "../tinyModel.ts";

const model = await tinyModel();
const weights = networkWeights(model)!;
const crop = data.crops[1];

test("each voxel counts as much as the logit moves with it, as finite differences tell", async () => {
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
  const { image, logits: all } = net!;
  // The corners speak for the second task.
  const logits = slice(all, 1, 1, 2);
  const stage = net!.stages[0];
  const feeds = new Map<Tensor, Float64Array>();
  for (const [tensor, values] of graph.weights!) feeds.set(tensor, Float64Array.from(values));
  feeds.set(image, Float64Array.from(cropInput(crop, settings.crop)));
  const [activations] = evaluate([stage], feeds);
  const [channels, size] = [stage.shape[1], stage.shape[2] ** 3];
  const side = settings.crop.voxels;
  const corners = [0, size - 1];
  const [first, last] = corners.map((v) => {
    let sum = 0;
    for (let n = v; n < channels * size; n += size) {
      const moved = (by: number) => {
        const changed = activations.slice();
        changed[n] += by;
        return evaluate([logits], new Map(feeds).set(stage, changed))[0][0];
      };
      sum += (activations[n] * (moved(1e-4) - moved(-1e-4))) / 2e-4;
    }
    return Math.max(sum, 0);
  });
  // The outermost voxels of the fine grid lie outside of the coarse centres: they take the coarse values themselves.
  const map = maps[settings.tasks[1]]!;
  expect(map).toHaveLength(side ** 3);
  expect(Math.max(first, last)).toBeGreaterThan(0);
  const end = map[side ** 3 - 1];
  expect(map[0] / (map[0] + end)).toBeCloseTo(first / (first + last), 3);
  expect(map.every((value) => value >= 0 && value <= 1 + 1e-6)).toBe(true);
});
