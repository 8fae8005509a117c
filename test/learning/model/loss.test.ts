import { expect, test } from "vitest";
import { binaryCrossEntropy, caseWeights, combine } from "../../../src/learning/model/loss.ts";
import { constant, input } from "../../../src/numerics/graph/index.ts";
import { draws } from "../../numerics/graph/check.ts";
import { evaluate } from "../../numerics/graph/interpreter.ts";

const logits = input("logits", [4, 2]);
const z = draws(8, 3);
const y = Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0);
const w = Float32Array.of(1, 0, 2, 0, 1, 0, 1, 0);

test("binary cross-entropy is the weighted mean over labelled cases, and 0 where none is labelled", () => {
  const losses = binaryCrossEntropy(logits, constant(y, [4, 2]), constant(caseWeights(w, 2), [4, 2]));
  const [[first, second]] = evaluate([losses], new Map([[logits, z]]));
  let expected = 0;
  for (let n = 0; n < 4; n++) {
    const p = 1 / (1 + Math.exp(-z[2 * n]));
    expected -= (w[2 * n] * Math.log(y[2 * n] === 1 ? p : 1 - p)) / 5;
  }
  expect(first).toBeCloseTo(expected, 7);
  expect(second).toBe(0);
});

test("fixed weights add up; learnt ones start as the plain sum", () => {
  const losses = input("losses", [2]);
  const feeds = new Map([[losses, Float64Array.of(0.5, 2)]]);
  const none = () => {
    throw new Error("fixed weights ask for no parameter");
  };
  const fixed = combine(losses, { kind: "fixed", weights: [1, 3] }, none, 1);
  expect(evaluate([fixed], feeds)[0][0]).toBeCloseTo(6.5, 12);
  const learnt = (phi: number, share: number) =>
    evaluate(
      [
        combine(
          losses,
          { kind: "uncertainty" },
          ({ shape }) => constant(new Float32Array(2).fill(phi), shape),
          share,
        ),
      ],
      feeds,
    )[0][0];
  expect(learnt(0, 1)).toBeCloseTo(2.5, 12);
  // exp(−2) · 2.5 + 2 · 2 / 2, the last of it shared by the cases.
  expect(learnt(2, 1)).toBeCloseTo(2.5 * Math.exp(-2) + 2, 6);
  expect(learnt(2, 1 / 4)).toBeCloseTo(2.5 * Math.exp(-2) + 0.5, 6);
  expect(() => combine(losses, { kind: "fixed", weights: [1] }, none, 1)).toThrow("1 weights for 2 tasks");
});
