import { expect, test } from "vitest";
import { constant, input } from "../../src/graph/index.ts";
import { binaryCrossEntropy, combine } from "../../src/model/loss.ts";
import { draws } from "../graph/check.ts";
import { evaluate } from "../graph/interpreter.ts";

const logits = input("logits", [4, 2]);
const z = draws(8, 3);
const y = Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0);
const w = Float32Array.of(1, 0, 2, 0, 1, 0, 1, 0);

test("binary cross-entropy is the weighted mean over labelled cases, and 0 where none is labelled", () => {
  const losses = binaryCrossEntropy(logits, constant(y, [4, 2]), constant(w, [4, 2]));
  const [[first, second]] = evaluate([losses], new Map([[logits, z]]));
  let expected = 0;
  for (let n = 0; n < 4; n++) {
    const p = 1 / (1 + Math.exp(-z[2 * n]));
    expected -= (w[2 * n] * Math.log(y[2 * n] === 1 ? p : 1 - p)) / 5;
  }
  expect(first).toBeCloseTo(expected, 10);
  expect(second).toBe(0);
});

test("fixed weights add up; learnt ones start as the plain sum", () => {
  const losses = input("losses", [2]);
  const feeds = new Map([[losses, Float64Array.of(0.5, 2)]]);
  const none = () => {
    throw new Error("fixed weights ask for no parameter");
  };
  const fixed = combine(losses, { kind: "fixed", weights: [1, 3] }, none);
  expect(evaluate([fixed], feeds)[0][0]).toBeCloseTo(6.5, 12);
  const learnt = combine(losses, { kind: "uncertainty" }, ({ shape }) =>
    constant(new Float32Array(2), shape),
  );
  expect(evaluate([learnt], feeds)[0][0]).toBeCloseTo(2.5, 12);
  expect(() => combine(losses, { kind: "fixed", weights: [1] }, none)).toThrow("1 weights for 2 tasks");
});
