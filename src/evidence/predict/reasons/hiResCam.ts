import { type Crop, cropInput } from "../../../learning/crop/cropInput.ts";
import { behindBackbone, type Encoded, network } from "../../../learning/model/network.ts";
import type { ModelConfig } from "../../../learning/trained/modelFolder.ts";
import { networkConfig } from "../../../learning/trained/networkConfig.ts";
import {
  compile,
  expand,
  type Feed,
  gradients,
  inferenceGraph,
  input,
  type OnnxGraph,
  reshape,
  slice,
  type Tensor,
} from "../../../numerics/graph/index.ts";
import { lpsDirection, resample, type Vec3 } from "../../../numerics/volume/index.ts";
import type { Task } from "../../../patients/cohort/taskDefinition.ts";
import type { NetworkWeights } from "./networkWeights.ts";

/**
 * HiResCAM (Draelos & Carin, arXiv 2011.08891) of each task on what the network pools of a crop's own cube: of every
 * stage of the backbone, activation × d logit / d activation summed over its channels, the other stages, the regions and
 * what is pooled of a wider cube held, brought to the crop's grid and added up. What speaks against the positive class is cut off. As the features are means over the stages' voxels, this
 * is each place's own share in them. It shows what the learnt features look at, and nothing of what is measured.
 * @returns by task, `[D, H, W]` of the crop's grid, 0 … 1 of its largest value (all 0 where nothing speaks for it)
 */
export async function hiResCam(
  { settings, tasks }: ModelConfig,
  { theta, layout }: NetworkWeights,
  crop: Crop,
): Promise<Partial<Record<Task, Float32Array>>> {
  const config = networkConfig(settings);
  const { voxels } = settings.crop;
  const shape = [1, config.channels, voxels, voxels, voxels];
  const image = { data: cropInput(crop, settings.crop), shape };
  const shapes: (readonly number[])[][] = [];
  const backbone = inferenceGraph(
    (source) => {
      const { encoded } = network(config, 1, source, "deployment");
      const outputs = encoded.map(({ stages, regions }) => [...stages, ...(regions ? [regions] : [])]);
      shapes.push(...outputs.map((tensors) => tensors.map((tensor) => tensor.shape)));
      return Object.fromEntries(
        outputs.flatMap((tensors, c) => tensors.map((tensor, s) => [nameOf(c, s), tensor])),
      );
    },
    theta,
    layout,
  );
  const size = voxels ** 3;
  const maps = tasks.map(() => new Float32Array(size));
  if (shapes.length > 0) {
    const activations = await once(backbone, { image }, settings.threads);
    const { stages: count } = config.backbone;
    const pooling = inferenceGraph(
      (source) => {
        const encoded = shapes.map((tensors, c): Encoded => {
          const inputs = tensors.map((of, s) => input(nameOf(c, s), of));
          return { stages: inputs.slice(0, count), regions: inputs[count] };
        });
        const { logits } = behindBackbone(input("image", shape), encoded, config, source, "deployment");
        return Object.fromEntries(
          tasks.flatMap((_, t) =>
            gradients(reshape(slice(logits, 1, t, t + 1), []), encoded[0].stages).map(
              (gradient, s): [string, Tensor] => [`gradient${t}.${s}`, expand(gradient, shapes[0][s])],
            ),
          ),
        );
      },
      theta,
      layout,
    );
    const feeds = shapes.flatMap((tensors, c) =>
      tensors.map((of, s) => [nameOf(c, s), { data: activations[nameOf(c, s)], shape: of }] as const),
    );
    const slopes = await once(
      pooling,
      { ...Object.fromEntries(feeds), ...(config.features !== "learnt" && { image }) },
      settings.threads,
    );
    maps.forEach((map, t) => {
      for (let s = 0; s < count; s++) {
        const side = shapes[0][s][2];
        const share = shares(activations[nameOf(0, s)], slopes[`gradient${t}.${s}`], side ** 3);
        // A coarse voxel's share is spread over the finer ones it covers.
        enlarged(share, side, voxels).forEach((value, v) => {
          map[v] += value * (side / voxels) ** 3;
        });
      }
    });
  }
  return Object.fromEntries(tasks.map((task, t) => [task, positive(maps[t])]));
}

/** Of a cube's stage; after the stages, of its regions. */
const nameOf = (cube: number, stage: number): string => `cube${cube}.${stage}`;

async function once(graph: OnnxGraph, feeds: Readonly<Record<string, Feed>>, threads: number) {
  const session = await compile(graph, { threads });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

/** Activation × gradient, summed over channels. */
function shares(activations: Float32Array, gradient: Float32Array, size: number): Float32Array {
  const map = new Float32Array(size);
  activations.forEach((activation, n) => {
    map[n % size] += gradient[n] * activation;
  });
  return map;
}

/** Without what is below 0, the largest value 1. */
function positive(map: Float32Array): Float32Array {
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
