import { random } from "../../../src/base/random.ts";
import { gradients } from "../../../src/numerics/graph/gradients.ts";
import { mul, sum } from "../../../src/numerics/graph/primitives.ts";
import { compile } from "../../../src/numerics/graph/run/session.ts";
import { constant, count, type Tensor } from "../../../src/numerics/graph/tensor.ts";
import { evaluate } from "./interpreter.ts";

export const draws = (n: number, seed: number): Float64Array => {
  const { normal } = random(seed);
  return Float64Array.from({ length: n }, normal);
};

/** Σ y · w with fixed random w: a scalar whose gradient tests every element of y. */
export const weighted = (y: Tensor, seed = 99): Tensor =>
  sum(mul(y, constant(Float32Array.from(draws(count(y.shape), seed)), y.shape)));

/**
 * The largest error of d loss / d inputs against central differences, all in double precision,
 * relative to the largest element of that gradient.
 */
export function gradientError(
  loss: Tensor,
  inputs: readonly Tensor[],
  feeds: Map<Tensor, Float64Array>,
): number {
  const computed = evaluate(gradients(loss, inputs), feeds);
  let worst = 0;
  inputs.forEach((input, i) => {
    const values = feeds.get(input)!;
    const scale = computed[i].reduce((largest, g) => Math.max(largest, Math.abs(g)), 1e-3);
    // Every element of a small tensor, a sample of a large one.
    const step = Math.max(1, Math.floor(values.length / 16));
    for (let e = 0; e < values.length; e += step) {
      const h = 1e-5 * Math.max(1, Math.abs(values[e]));
      const shifted = (delta: number) => {
        const moved = values.slice();
        moved[e] += delta;
        return evaluate([loss], new Map(feeds).set(input, moved))[0][0];
      };
      const numeric = (shifted(h) - shifted(-h)) / (2 * h);
      worst = Math.max(worst, Math.abs(numeric - computed[i][e]) / scale);
    }
  });
  return worst;
}

/** The largest difference between ONNX Runtime and the double-precision oracle, relative to the largest value. */
export async function runtimeError(
  outputs: Record<string, Tensor>,
  feeds: ReadonlyMap<Tensor, Float64Array>,
): Promise<number> {
  const session = await compile({ outputs });
  const fed = [...feeds].map(([tensor, data]) => [
    tensor.name!,
    { data: Float32Array.from(data), shape: tensor.shape },
  ]);
  const computed = await session.run(Object.fromEntries(fed));
  await session.close();
  const expected = evaluate(Object.values(outputs), feeds);
  let worst = 0;
  Object.keys(outputs).forEach((name, i) => {
    const scale = expected[i].reduce((largest, x) => Math.max(largest, Math.abs(x)), 1e-3);
    expected[i].forEach((x, e) => {
      worst = Math.max(worst, Math.abs(x - computed[name][e]) / scale);
    });
  });
  return worst;
}
