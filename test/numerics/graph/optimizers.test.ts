import { expect, test } from "vitest";
import { type Optimizer, optimize } from "../../../src/numerics/graph/optimizers.ts";
import { constant, input, type Tensor } from "../../../src/numerics/graph/tensor.ts";
import { evaluate } from "./interpreter.ts";

/** Steps of one optimiser over given gradients, in double precision. */
function steps(
  optimizer: Optimizer,
  start: number[],
  gradients: number[][],
  rate: number,
  decayed: number,
): number[] {
  const theta = input("theta", [start.length]);
  const gradient = input("gradient", [start.length]);
  const update = optimize(optimizer, theta, gradient, constant(rate, []), decayed);
  const states = Object.values(update.state);
  let feeds = new Map<Tensor, Float64Array>([[theta, Float64Array.from(start)]]);
  for (const { before } of states) feeds.set(before, new Float64Array(before.shape[0]));
  for (const g of gradients) {
    feeds.set(gradient, Float64Array.from(g));
    const [moved, ...after] = evaluate([update.theta, ...states.map((state) => state.after)], feeds);
    feeds = new Map([[theta, moved], ...states.map(({ before }, i) => [before, after[i]] as const)]);
  }
  return [...feeds.get(theta)!];
}

const gradients = [
  [0.5, -1, 2],
  [0.1, 0.3, -4],
  [-0.2, 0.9, 1],
];

// torch.optim.AdamW / SGD (PyTorch 1.13.1, float64) on parameters [1, -2, 3], lr 0.1, these gradients; decay on the first two.
test("AdamW equals PyTorch", () => {
  const theta = steps({ kind: "adamw", weightDecay: 0.1 }, [1, -2, 3], gradients, 0.1, 2);
  [0.7583525727518424, -1.81692415756386, 2.950279419341244].forEach((expected, i) =>
    expect(theta[i]).toBeCloseTo(expected, 6),
  );
});

test("SGD with momentum equals PyTorch", () => {
  const theta = steps({ kind: "sgd", momentum: 0.9 }, [1, -2, 3], gradients, 0.1, 0);
  [0.8654999999999999, -1.876, 3.118].forEach((expected, i) => expect(theta[i]).toBeCloseTo(expected, 6));
});

test("the gradient is clipped to the norm asked for, and left alone below it", () => {
  const sgd = (clipNorm: number) => steps({ kind: "sgd", momentum: 0, clipNorm }, [0, 0], [[3, 4]], 1, 0);
  expect(sgd(1)[0]).toBeCloseTo(-0.6, 6);
  expect(sgd(1)[1]).toBeCloseTo(-0.8, 6);
  expect(sgd(10)[0]).toBeCloseTo(-3, 6);
});
