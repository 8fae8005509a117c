import {
  add,
  averagePool,
  concat,
  constant,
  div,
  mean,
  mul,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
} from "../../numerics/graph/index.ts";
import { blurred } from "./alongAxis.ts";

/** Weight of a voxel that a region fills by less than half, times its share. */
const rim = 0.05;
/** How far around the tumours counts as around: σ of a Gaussian, voxels of the finest stage. */
const around = 1.2;
/** Without regions the tumour is looked for around the cube's centre: σ of a Gaussian, share of the edge. */
const reach = 1 / 8;

/**
 * Means of every stage's channels over the cube and over each region. The first stages tell enhancement and texture, the
 * last ones shape and surroundings; a mean over the cube alone drowns a small tumour.
 * @param stages `[N, C, d, d, d]` each, the finest first
 * @param regions occupancies `[N, 2, d, d, d]`, 0…1, by the kidney with its tumours and by the tumours, on the finest
 * stage's grid; undefined where they are not known
 * @returns `[N, 4 · ΣC]`: over the cube, the rest of the kidney, the tumours, what lies around these outside of the kidney;
 * without regions `[N, 2 · ΣC]`
 */
export function deepFeatures(stages: readonly Tensor[], regions: Tensor | undefined): Tensor {
  const finest = stages[0].shape[2];
  const within = regions && cores(regions);
  const count = within?.shape[1] ?? 1;
  return concat(
    stages.flatMap((stage) => {
      const side = stage.shape[2];
      const weights = within ? averagePool(within, finest / side) : middle(side);
      // A region that the cube misses counts as nothing, not as noise.
      const nothing = regions ? 1e-2 * (side / finest) ** 3 : 1e-2;
      const means = Array.from({ length: count }, (_, r) => {
        const weight = count === 1 ? weights : slice(weights, 1, r, r + 1);
        return div(sum(mul(stage, weight), [2, 3, 4]), add(sum(weight, [2, 3, 4]), nothing));
      });
      return [mean(stage, [2, 3, 4]), ...means];
    }),
    1,
  );
}

/** Places that features are pooled over where regions are known: the cube and those of `cores`. */
export const places = 4;

/**
 * Weights of the rest of the kidney, of the tumours, and of the fat around them, where invasion shows. Voxels that a
 * region does not fill count little, since their HU are half another tissue's; a small tumour has no others.
 */
function cores(regions: Tensor): Tensor {
  const [n, , ...grid] = regions.shape;
  const [kidney, tumor] = [slice(regions, 1, 0, 1), slice(regions, 1, 1, 2)];
  const near = reshape(blurred(reshape(tumor, [n, ...grid]), around), tumor.shape);
  const shares = concat([relu(sub(kidney, tumor)), tumor, sub(1, kidney)], 1);
  const weights = add(relu(sub(mul(shares, 2), 1)), mul(shares, rim));
  return concat([slice(weights, 1, 0, 2), mul(slice(weights, 1, 2, 3), near)], 1);
}

/** `[1, 1, side, side, side]`: a Gaussian around the middle. */
function middle(side: number): Tensor {
  const along = Array.from({ length: side }, (_, i) =>
    Math.exp(-(((i + 0.5) / side - 0.5) ** 2) / (2 * reach ** 2)),
  );
  const values = along.flatMap((a) => along.flatMap((b) => along.map((c) => a * b * c)));
  return constant(Float32Array.from(values), [1, 1, side, side, side]);
}
