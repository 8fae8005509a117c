import { type Crop, cropInput } from "../../../learning/crop/cropInput.ts";
import { behindBackbone, network } from "../../../learning/model/network.ts";
import { outlined } from "../../../learning/model/outlines.ts";
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
 * HiResCAM (Draelos & Carin, arXiv 2011.08891) of each task on what the network pools: of every stage of the backbone,
 * activation × d logit / d activation summed over its channels, the other stages and the regions held, brought to the crop's grid and
 * added up. What speaks against the positive class is cut off. As the features are means over the stages' voxels, this
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
  const sides: number[] = [];
  const backbone = inferenceGraph(
    (source) => {
      const { stages, regions } = network(config, 1, source, "deployment");
      sides.push(...stages.map((stage) => stage.shape[2]));
      return {
        ...Object.fromEntries(stages.map((stage, s) => [`stage${s}`, stage])),
        ...(regions && { regions }),
      };
    },
    theta,
    layout,
  );
  const size = voxels ** 3;
  const maps = tasks.map(() => new Float32Array(size));
  if (sides.length > 0) {
    const activations = await once(backbone, { image }, settings.threads);
    const { regions } = activations;
    const regionsShape = [1, outlined.length, sides[0], sides[0], sides[0]];
    const shapes = sides.map((side, s) => [1, activations[`stage${s}`].length / side ** 3, side, side, side]);
    const pooling = inferenceGraph(
      (source) => {
        const stages = shapes.map((of, s) => input(`stage${s}`, of));
        const where = regions && input("regions", regionsShape);
        const { logits } = behindBackbone(input("image", shape), stages, where, config, source, "deployment");
        return Object.fromEntries(
          tasks.flatMap((_, t) =>
            gradients(reshape(slice(logits, 1, t, t + 1), []), stages).map(
              (gradient, s): [string, Tensor] => [`gradient${t}.${s}`, expand(gradient, shapes[s])],
            ),
          ),
        );
      },
      theta,
      layout,
    );
    const feeds = shapes.map(
      (of, s) => [`stage${s}`, { data: activations[`stage${s}`], shape: of }] as const,
    );
    const slopes = await once(
      pooling,
      {
        ...Object.fromEntries(feeds),
        ...(regions && { regions: { data: regions, shape: regionsShape } }),
        ...(config.features !== "learnt" && { image }),
      },
      settings.threads,
    );
    maps.forEach((map, t) => {
      sides.forEach((side, s) => {
        const share = shares(activations[`stage${s}`], slopes[`gradient${t}.${s}`], side ** 3);
        // A coarse voxel's share is spread over the finer ones it covers.
        enlarged(share, side, voxels).forEach((value, v) => {
          map[v] += value * (side / voxels) ** 3;
        });
      });
    });
  }
  return Object.fromEntries(tasks.map((task, t) => [task, positive(maps[t])]));
}

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
