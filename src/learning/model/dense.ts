import {
  add,
  matmul,
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
