import { type Crop, cropInput } from "../../../learning/crop/cropInput.ts";
import { network } from "../../../learning/model/network.ts";
import type { ModelConfig } from "../../../learning/trained/modelFolder.ts";
import { networkConfig } from "../../../learning/trained/networkConfig.ts";
import {
  compile,
  gradients,
  inferenceGraph,
  reshape,
  slice,
  type Tensor,
} from "../../../numerics/graph/index.ts";
import { lpsDirection, resample, type Vec3 } from "../../../numerics/volume/index.ts";
import type { Task } from "../../../patients/cohort/taskDefinition.ts";
import type { NetworkWeights } from "./networkWeights.ts";

/** A map of the last stage is often 3 voxels wide; the deepest of at least this many still shows a place. */
const leastVoxels = 6;

/**
 * HiResCAM (Draelos & Carin, arXiv 2011.08891) of each task on the backbone: in one stage, the sum over channels of
 * activation × d logit / d activation, and what speaks against the positive class cut off. Grad-CAM (Selvaraju et al.,
 * ICCV 2017) takes the gradient's mean over a channel instead, which is zero where an instance normalisation follows:
 * it removes what all of a channel has in common. On the last stage, whose mean is a feature, the two are the same.
 * It shows what the learnt features look at, and nothing of what the network measures on the mask.
 * @returns by task, `[D, H, W]` of the crop's grid, 0 … 1 of its largest value (all 0 where nothing speaks for it)
 */
export async function hiResCam(
  { settings, tasks }: ModelConfig,
  { theta, layout }: NetworkWeights,
  crop: Crop,
): Promise<Partial<Record<Task, Float32Array>>> {
  const config = networkConfig(settings);
  let stage: Tensor | undefined;
  const graph = inferenceGraph(
    (source) => {
      const { logits, stages } = network(config, 1, source, "deployment");
      stage = stages.findLast(({ shape }) => shape[2] >= leastVoxels) ?? stages[0];
      const outputs: Record<string, Tensor> = { activations: stage };
      tasks.forEach((_, t) => {
        outputs[`gradient${t}`] = gradients(reshape(slice(logits, 1, t, t + 1), []), [stage!])[0];
      });
      return outputs;
    },
    theta,
    layout,
  );
  const [, channels, side] = stage!.shape;
  const session = await compile(graph, { threads: settings.threads });
  try {
    const { voxels } = settings.crop;
    const shape = [1, config.channels, voxels, voxels, voxels];
    const outputs = await session.run({ image: { data: cropInput(crop, settings.crop), shape } });
    return Object.fromEntries(
      tasks.map((task, t) => [
        task,
        enlarged(cam(outputs.activations, outputs[`gradient${t}`], channels), side, voxels),
      ]),
    );
  } finally {
    await session.close();
  }
}

function cam(activations: Float32Array, gradient: Float32Array, channels: number): Float32Array {
  const size = activations.length / channels;
  const map = new Float32Array(size);
  for (let c = 0, n = 0; c < channels; c++)
    for (let v = 0; v < size; v++, n++) map[v] += gradient[n] * activations[n];
  const largest = map.reduce((most, value) => Math.max(most, value), 0);
  return map.map((value) => (largest > 0 ? Math.max(value, 0) / largest : 0));
}

/** A cube on the finer grid of the same edge, linearly. */
function enlarged(data: Float32Array, from: number, to: number): Float32Array {
  const cube = (side: number) => {
    const spacing = 1 / side;
    const at = spacing / 2;
    const triple = (x: number): Vec3 => [x, x, x];
    return { size: triple(side), spacing: triple(spacing), origin: triple(at), direction: lpsDirection };
  };
  // Clamped at the rim: the coarse voxels' centres lie inside of the fine ones'.
  const padded = from + 2;
  const wide = { ...cube(from), size: [padded, padded, padded] as Vec3 };
  const rim = new Float32Array(padded ** 3);
  const inside = (i: number) => Math.min(Math.max(i - 1, 0), from - 1);
  for (let k = 0, n = 0; k < padded; k++)
    for (let j = 0; j < padded; j++)
      for (let i = 0; i < padded; i++, n++) rim[n] = data[inside(i) + from * (inside(j) + from * inside(k))];
  const origin = -0.5 / from;
  return resample({ ...wide, origin: [origin, origin, origin], data: rim }, cube(to)).data;
}
