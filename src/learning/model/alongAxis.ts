import { constant, matmul, reshape, type Tensor } from "../../numerics/graph/index.ts";

/** Axes of `[N, D, H, W]`. */
export const axial = { d: 1, h: 2, w: 3 } as const;

/** Gaussian blur; beyond the edge is 0. @param x `[N, D, H, W]` @param sigma voxels */
export const blurred = (x: Tensor, sigma: number): Tensor =>
  Object.values(axial).reduce((from, axis) => {
    const peak = 1 / (sigma * Math.sqrt(2 * Math.PI));
    return alongAxis(from, axis, (to, at) => peak * Math.exp(-((to - at) ** 2) / (2 * sigma * sigma)));
  }, x);

/** y[to] = Σ over from of coefficient(to, from) · x[from] along one axis of `[N, D, H, W]`. */
export function alongAxis(
  x: Tensor,
  axis: number,
  coefficient: (to: number, from: number) => number,
): Tensor {
  const [n, d, h, w] = x.shape;
  const side = x.shape[axis];
  const matrix = (transposed: boolean) => {
    const values = new Float32Array(side * side);
    for (let a = 0; a < side; a++)
      for (let b = 0; b < side; b++)
        values[a * side + b] = transposed ? coefficient(b, a) : coefficient(a, b);
    return constant(values, [side, side]);
  };
  if (axis === axial.w) return reshape(matmul(reshape(x, [n * d * h, w]), matrix(true)), x.shape);
  if (axis === axial.h) return matmul(matrix(false), x);
  return reshape(matmul(matrix(false), reshape(x, [n, d, h * w])), x.shape);
}
