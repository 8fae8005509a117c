import { expect, test } from "vitest";
import { deepFeatures, places } from "../../../src/learning/model/deepFeatures.ts";
import { input, type Tensor } from "../../../src/numerics/graph/index.ts";
import { draws } from "../../numerics/graph/check.ts";
import { evaluate } from "../../numerics/graph/interpreter.ts";
import { hasPython, python } from "../../numerics/volume/python.ts";

const side = 8;
const size = side ** 3;
const at = (v: number) => [v % side, Math.floor(v / side) % side, Math.floor(v / side ** 2)];

/** What is pooled of one stage of one channel, by place. */
function pooled(stage: Float64Array, regions: Float64Array): Float64Array {
  const [x, where] = [input("stage", [1, 1, side, side, side]), input("regions", [1, 2, side, side, side])];
  const features = deepFeatures([x], where);
  return evaluate(
    [features],
    new Map<Tensor, Float64Array>([
      [x, stage],
      [where, regions],
    ]),
  )[0];
}

/** A kidney on the left half of a slab, a tumour in it that reaches out. */
const kidney = Float64Array.from({ length: size }, (_, v) => (at(v)[0] < 5 && at(v)[2] > 1 ? 1 : 0));
const tumor = Float64Array.from({ length: size }, (_, v) => {
  const [i, j, k] = at(v);
  return i >= 3 && i < 5 && j >= 3 && j < 5 && k >= 3 && k < 5 ? 1 : 0;
});
const regions = Float64Array.of(...kidney, ...tumor);

test("each place hears its own voxels, and the fat around the tumour only what is near it and outside of the kidney", () => {
  const inside = (own: (v: number) => boolean) =>
    Float64Array.from({ length: size }, (_, v) => (own(v) ? 1 : 0));
  const heard = (own: (v: number) => boolean) => [...pooled(inside(own), regions)];
  expect(heard(() => true)).toHaveLength(places);
  const [cube, rest, of, around] = heard((v) => tumor[v] === 1);
  expect([cube, rest, of, around].map((x) => Math.round(10 * x) / 10)).toEqual([0, 0, 1, 0]);
  const fat = heard((v) => kidney[v] === 0);
  expect(fat[3]).toBeGreaterThan(0.99);
  expect(fat[1] + fat[2]).toBeLessThan(1e-6);
  // Beside the tumour, and in the corner farthest away.
  const [near, far] = [
    [5, 3, 3],
    [7, 0, 0],
  ].map(([i, j, k]) => heard((v) => v === i + side * (j + side * k))[3]);
  expect(near).toBeGreaterThan(0.01);
  expect(far).toBeLessThan(near / 100);
});

test.skipIf(!hasPython("scipy.ndimage", "numpy"))("as numpy and scipy.ndimage weigh them", () => {
  const stage = Float64Array.from(draws(size, 4));
  const shares = Float64Array.from(draws(2 * size, 6), (x) => Math.min(1, Math.abs(x)));
  // The tumour is a part of the kidney.
  for (let v = 0; v < size; v++) shares[size + v] = Math.min(shares[v], shares[size + v]);
  const expected = python(
    `
import json, sys, numpy as np
from scipy.ndimage import convolve1d
q = json.load(sys.stdin)
n = q["side"]
stage = np.array(q["stage"]).reshape(n, n, n)
kidney, tumor = np.array(q["shares"]).reshape(2, n, n, n)
kernel = np.exp(-np.arange(-n, n + 1) ** 2 / (2 * 1.2 ** 2)) / (1.2 * np.sqrt(2 * np.pi))
near = tumor
for axis in range(3): near = convolve1d(near, kernel, axis, mode="constant")
core = lambda share: np.maximum(2 * share - 1, 0) + 0.05 * share
weights = [core(np.maximum(kidney - tumor, 0)), core(tumor), core(1 - kidney) * near]
print(json.dumps([stage.mean()] + [float((stage * w).sum() / (w.sum() + 0.01)) for w in weights]))
`,
    { side, stage: [...stage], shares: [...shares] },
  ) as number[];
  pooled(stage, shares).forEach((value, place) => expect(value).toBeCloseTo(expected[place], 6));
});
