import { describe, expect, test } from "vitest";
import { gradients } from "../../../src/numerics/graph/gradients.ts";
import { convolution } from "../../../src/numerics/graph/operators/convolution.ts";
import { groupNorm } from "../../../src/numerics/graph/operators/norm.ts";
import { averagePool, maxPool } from "../../../src/numerics/graph/operators/pool.ts";
import * as p from "../../../src/numerics/graph/primitives.ts";
import { count, input, type Shape, type Tensor } from "../../../src/numerics/graph/tensor.ts";
import { draws, gradientError, runtimeError, weighted } from "./check.ts";

/** Each operator over inputs of these shapes; `positive` draws from above 0.5. */
const operators: Record<string, { shapes: Shape[]; y: (...x: Tensor[]) => Tensor; positive?: boolean }> = {
  "add, broadcasting": {
    shapes: [
      [2, 3, 4],
      [3, 1],
    ],
    y: p.add,
  },
  "sub, broadcasting": {
    shapes: [
      [3, 1],
      [2, 3, 4],
    ],
    y: p.sub,
  },
  "mul, broadcasting": { shapes: [[2, 3, 4], [4]], y: p.mul },
  div: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    y: p.div,
    positive: true,
  },
  maximum: {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    y: p.maximum,
  },
  neg: { shapes: [[5]], y: p.neg },
  exp: { shapes: [[5]], y: p.exp },
  log: { shapes: [[5]], y: p.log, positive: true },
  sqrt: { shapes: [[5]], y: p.sqrt, positive: true },
  tanh: { shapes: [[5]], y: p.tanh },
  sigmoid: { shapes: [[5]], y: p.sigmoid },
  relu: { shapes: [[7]], y: p.relu },
  silu: { shapes: [[5]], y: p.silu },
  softplus: { shapes: [[5]], y: p.softplus },
  "sum of several": {
    shapes: [
      [2, 2],
      [2, 2],
      [2, 2],
    ],
    y: (...x) => p.addAll(x),
  },
  "sum over axes": { shapes: [[2, 3, 4]], y: (x) => p.sum(x, [0, 2]) },
  "sum of squares": { shapes: [[2, 3, 4]], y: (x) => p.sumOfSquares(x, [1], true) },
  "mean over axes": { shapes: [[2, 3, 4]], y: (x) => p.mean(x, [1, 2], true) },
  "a tensor both reduced and used": { shapes: [[2, 3, 4]], y: (x) => p.sub(x, p.mean(x, [2], true)) },
  softmax: { shapes: [[2, 5]], y: (x) => p.softmax(x) },
  "softmax of an inner axis": { shapes: [[2, 5, 3]], y: (x) => p.softmax(x, 1) },
  "logarithm of a softmax": { shapes: [[2, 5]], y: (x) => p.logSoftmax(x) },
  "logarithm of a softmax of an inner axis": { shapes: [[2, 5, 3]], y: (x) => p.logSoftmax(x, 1) },
  matmul: {
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
    y: p.matmul,
  },
  "matmul, broadcasting": {
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
    y: p.matmul,
  },
  transpose: { shapes: [[2, 3, 4]], y: (x) => p.transpose(x, [2, 0, 1]) },
  reshape: { shapes: [[2, 6]], y: (x) => p.reshape(x, [3, 4]) },
  expand: { shapes: [[2, 1, 3]], y: (x) => p.expand(x, [4, 2, 5, 3]) },
  slice: { shapes: [[2, 7]], y: (x) => p.slice(x, 1, 2, 6) },
  "slice with a step": { shapes: [[2, 8]], y: (x) => p.slice(x, 1, 1, 7, 3) },
  concat: {
    shapes: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    y: (...x) => p.concat(x, 1),
  },
  pad: { shapes: [[2, 3]], y: (x) => p.pad(x, [1, 0], [0, 2]) },
  "average pool": { shapes: [[2, 2, 4, 5, 4]], y: (x) => averagePool(x, 2) },
  "max pool": { shapes: [[2, 2, 4, 4, 5]], y: (x) => maxPool(x, 2) },
  "max pool, overlapping": { shapes: [[1, 2, 5, 6, 5]], y: (x) => maxPool(x, 3, { stride: 2, padding: 1 }) },
  "group norm": { shapes: [[2, 4, 2, 3, 2], [4], [4]], y: (x, a, b) => groupNorm(x, a, b, 2) },
  "instance norm": { shapes: [[2, 3, 2, 3, 2], [3], [3]], y: (x, a, b) => groupNorm(x, a, b, 3) },
  ...Object.fromEntries(
    (
      [
        [1, 1, [3, 4, 3]],
        [1, 2, [4, 5, 4]],
        [3, 1, [3, 4, 5]],
        [3, 2, [4, 5, 6]],
        [7, 1, [4, 3, 5]],
        [7, 2, [6, 5, 7]],
      ] as const
    ).flatMap(([kernel, stride, sides]) =>
      (
        [
          [2, 3],
          [3, 2],
        ] as const
      ).map(([c, o]) => [
        `convolution, kernel ${kernel}, stride ${stride}, ${c} to ${o} channels`,
        {
          shapes: [
            [2, c, ...sides],
            [o, c, kernel, kernel, kernel],
          ],
          y: (x: Tensor, w: Tensor) => convolution(x, w, { stride }),
        },
      ]),
    ),
  ),
  // Many channels over few voxels have a lowering of their own.
  ...Object.fromEntries(
    (
      [
        [3, 1, [2, 3, 2]],
        [3, 2, [3, 4, 2]],
        [1, 1, [2, 1, 2]],
      ] as const
    ).map(([kernel, stride, sides]) => [
      `convolution, kernel ${kernel}, stride ${stride}, 1 to 64 channels`,
      {
        shapes: [
          [2, 1, ...sides],
          [64, 1, kernel, kernel, kernel],
        ],
        y: (x: Tensor, w: Tensor) => convolution(x, w, { stride }),
      },
    ]),
  ),
};

describe.each(Object.entries(operators))("%s", (_, { shapes, y, positive }) => {
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const feeds = new Map(
    inputs.map((x, i) => [
      x,
      draws(count(x.shape), i + 1).map((value) => (positive ? Math.abs(value) + 0.5 : value)),
    ]),
  );
  const loss = weighted(y(...inputs));

  test("gradient equals central differences in double precision", () => {
    expect(gradientError(loss, inputs, feeds)).toBeLessThan(1e-7);
  });

  test("ONNX Runtime equals the oracle, forward and backward", async () => {
    const outputs = Object.fromEntries(
      gradients(loss, inputs).map((gradient, i) => [`dx${i}`, p.mul(gradient, 1)]),
    );
    expect(await runtimeError({ loss, ...outputs }, feeds)).toBeLessThan(5e-5);
  });
});

test("gradients of what the loss does not depend on are refused", () => {
  const [x, z] = [input("x", [2]), input("z", [2])];
  expect(() => gradients(p.sum(x), [z])).toThrow("does not depend on z");
  expect(() => gradients(x, [x])).toThrow("not []");
});
