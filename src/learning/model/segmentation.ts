import {
  add,
  averagePool,
  concat,
  constant,
  div,
  equal,
  exp,
  input,
  logSoftmax,
  mul,
  neg,
  type ParameterSource,
  slice,
  sub,
  sum,
  type Tensor,
  upsample,
} from "../../numerics/graph/index.ts";
import { dice } from "./loss.ts";
import { pointwise } from "./pointwise.ts";
import { active, basicBlock, convolve, type ResNetConfig, resnetSignals, type Weights } from "./resnet.ts";

export interface SegmentationConfig {
  readonly channels: number;
  /** Background and labels, ≥ 2. */
  readonly classes: number;
  /** `[D, H, W]`, voxels; each a multiple of {@link coarsestStep}. */
  readonly patch: readonly [number, number, number];
  /** The encoder; its stem's stride is undone by nearest neighbour at the end. */
  readonly backbone: ResNetConfig;
  /** Coarser decoder stages learn the labels too. */
  readonly deepSupervision: boolean;
}

/** Voxels of the input along an edge of one of the coarsest stage's. */
export const coarsestStep = ({ stem, stages }: Pick<ResNetConfig, "stem" | "stages">): number =>
  stem.stride * 2 ** (stages - 1);

/**
 * Residual encoder–decoder (after Myronenko 2018): the backbone's encoder; in each decoder stage the coarser one through a
 * 1×1×1 convolution and nearest neighbour (in this order: the same result as the other way round, an eighth of the work),
 * added to the encoder's stage, and one residual block. Weights are standardised as the encoder's, no activation is
 * normalised.
 * @param image `[N, C, D, H, W]`
 * @returns logits `[N, K, d, h, w]` of each decoder stage, the finest first and on the image's own grid
 */
export function segmentationLogits(
  image: Tensor,
  { backbone, classes }: Omit<SegmentationConfig, "patch" | "deepSupervision">,
  weights: Weights,
): [finest: Tensor, ...coarser: Tensor[]] {
  const { width, stem } = backbone;
  const stages = resnetSignals(image, backbone, weights);
  const logits = (features: Tensor, stage: number) =>
    pointwise(features, classes, `decoder.stage${stage + 1}.logits`, weights.source);
  let signal = stages[stages.length - 1];
  const coarser: Tensor[] = [];
  for (let stage = stages.length - 2; stage >= 0; stage--) {
    const name = `decoder.stage${stage + 1}`;
    const channels = width * 2 ** stage;
    const up = upsample(convolve(active(signal), channels, 1, 1, `${name}.up`, weights), 2);
    const { x, variance } = stages[stage];
    const joined = { x: add(x, up), variance: variance + 1 };
    signal = basicBlock(joined, channels, 1, `${name}.block1`, weights);
    if (stage > 0) coarser.unshift(logits(active(signal), stage));
  }
  return [upsample(logits(active(signal), 0), stem.stride), ...coarser];
}

/**
 * The network with its loss. Inputs: `image` `[1, C, D, H, W]`, `labels` `[1, 1, D, H, W]` (whole numbers below K).
 * Outputs: `loss` `[]`, a case's share of the batch's; `logits` `[1, K, D, H, W]`.
 */
export function segmentationTraining(config: SegmentationConfig, batch: number, source: ParameterSource) {
  const { channels, classes, patch, deepSupervision } = config;
  const image = input("image", [1, channels, ...patch]);
  const labels = input("labels", [1, 1, ...patch]);
  const [finest, ...coarser] = segmentationLogits(image, config, { source, folded: false });
  const levels = deepSupervision ? [finest, ...coarser] : [finest];
  const truth = concat(
    Array.from({ length: classes }, (_, label) => equal(labels, constant(label))),
    1,
  );
  // Each level counts half of the next finer one (nnU-Net, Isensee et al. 2021).
  const total = 2 - 2 ** (1 - levels.length);
  const losses = levels.map((logits, level) => {
    const factor = patch[0] / logits.shape[2];
    const loss = segmentationLoss(logits, factor > 1 ? averagePool(truth, factor) : truth);
    return mul(loss, 2 ** -level / total / batch);
  });
  return { loss: losses.reduce((a, b) => add(a, b)), logits: finest };
}

/**
 * Softmax cross-entropy, the mean over voxels, and 1 − soft Dice, the mean over the labels that the case has, without the
 * background. Dice is the case's own (sample Dice), since a batch's loss is the sum of its cases'. Of a label that is not
 * there Dice would say nothing but that all of its voxels are wrong, however few; cross-entropy says how wrong.
 * @param logits `[1, K, d, h, w]`
 * @param truth shares of each class in each voxel, `[1, K, d, h, w]`
 * @returns `[]`
 */
export function segmentationLoss(logits: Tensor, truth: Tensor): Tensor {
  const [, classes, ...sides] = logits.shape;
  const logs = logSoftmax(logits, 1);
  const voxels = sides.reduce((product, side) => product * side, 1);
  const crossEntropy = mul(neg(sum(mul(logs, truth))), 1 / voxels);
  const labels = (x: Tensor) => slice(x, 1, 1, classes);
  const present = sub(1, equal(sum(labels(truth), [2, 3, 4]), constant(0)));
  const count = sum(present);
  const missed = sum(mul(sub(1, dice(exp(labels(logs)), labels(truth))), present));
  return add(crossEntropy, div(missed, add(count, equal(count, constant(0)))));
}
