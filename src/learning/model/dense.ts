import {
  add,
  matmul,
  maximum,
  mul,
  type ParameterSource,
  type Tensor,
  vector,
  weight,
} from "../../numerics/graph/index.ts";

/** Fully connected layer. @param x `[N, F]` @returns `[N, units]` */
export function dense(x: Tensor, units: number, name: string, source: ParameterSource, gain = 2): Tensor {
  const features = x.shape[1];
  const w = source(weight(`${name}.weight`, [features, units], features, gain));
  return add(matmul(x, w), source(vector(`${name}.bias`, units, 0)));
}

/** Slope of {@link leakyRelu} below 0. */
const leak = 0.1;

/**
 * What an embedding's units say: a leaky ReLU (Maas et al. 2013). A plain one cuts off half of what a pretrained embedding
 * tells, enhancement among it, and may silence a unit for good.
 */
export const leakyRelu = (x: Tensor): Tensor => maximum(x, mul(x, leak));
