import {
  add,
  concat,
  input,
  mul,
  type ParameterSource,
  reshape,
  sigmoid,
  sub,
  sum,
  type Tensor,
} from "../../numerics/graph/index.ts";
import { cubes, masksOf, shared } from "./cubes.ts";
import { deepFeatures } from "./deepFeatures.ts";
import { dense, leakyRelu } from "./dense.ts";
import { dice, outlineLoss } from "./loss.ts";
import { embedded, encoder, type NetworkConfig } from "./network.ts";
import { masksAt, outlines } from "./outlines.ts";

/** How much the outlines count beside the numbers. */
const outlineWeight = 1;

/**
 * A network's encoder with what it is pretrained for behind it: outlines of kidney and tumour, and numbers that are known
 * of a simulated image, told from its embedding. Features are pooled over the true masks or over its own outlines, as
 * `given` says, so that it later serves with masks and without.
 * Inputs: `image` `[1, C, V, V, V]` with mask channels, `given` `[1, 1]` (1: pool over the masks; 0: over the outlines),
 * `labels` `[1, K]` (standardised numbers), `weights` `[1, K]` (0 where unknown; over a batch each column's sum is 1).
 * Outputs: `loss` `[]`, `predictions` `[1, K]`, `pooled` `[1, P]`, `dice` `[1, 2]` of the outlines of
 * kidney and tumour in the first cube.
 */
export function pretrainingNetwork(
  config: NetworkConfig,
  targets: number,
  batch: number,
  source: ParameterSource,
) {
  const { channels, voxels } = config;
  const image = input("image", [1, channels, voxels, voxels, voxels]);
  const given = input("given", [1, 1]);
  const own = shared(source);
  const read = cubes(image, config).map((cube) => {
    const stages = encoder(cube, config, own, "training");
    const logits = outlines(stages, own);
    const masks = masksAt(masksOf(cube), stages[0].shape[2]);
    const drawn = sigmoid(logits);
    return { logits, masks, drawn, deep: deepFeatures(stages, mixed(masks, drawn, given)) };
  });
  const pooled = concat(
    read.map(({ deep }) => deep),
    1,
  );
  const embedding = embedded(pooled, config, source);
  const predictions = dense(leakyRelu(embedding), targets, "targets", source, 1);
  const error = sub(predictions, input("labels", [1, targets]));
  const numbers = mul(sum(mul(mul(error, error), input("weights", [1, targets]))), 1 / targets);
  const apart = read.map(({ logits, masks }) => outlineLoss(logits, masks)).reduce(add);
  const loss = add(numbers, mul(apart, outlineWeight / (batch * read.length)));
  return { loss, predictions, pooled, dice: dice(read[0].drawn, read[0].masks) };
}

/** `given` of the masks and the rest of what is drawn. @param given `[1, 1]` */
function mixed(masks: Tensor, drawn: Tensor, given: Tensor): Tensor {
  const share = reshape(given, [1, 1, 1, 1, 1]);
  return add(mul(masks, share), mul(drawn, sub(1, share)));
}
