import { expect, test } from "vitest";
import {
  compile,
  concat,
  type Feed,
  input,
  mul,
  reshape,
  type Tensor,
  transpose,
} from "../../../../src/numerics/graph/index.ts";
import { deferred } from "../../../../src/numerics/graph/lowering/defer.ts";
import { count, sorted } from "../../../../src/numerics/graph/tensor.ts";

const x = input("x", [2, 3]);
const y = input("y", [4]);
const z = input("z", [5]);
const flat = (tensor: Tensor) => reshape(tensor, [count(tensor.shape)]);
const feed = (...shape: number[]) => ({
  data: Float32Array.from({ length: count(shape) }, (_, i) => i + 1),
  shape,
});

const run = async (outputs: Record<string, Tensor>, feeds: Record<string, Feed>) => {
  const session = await compile({ outputs }, { threads: 1 });
  const result = await session.run(feeds);
  await session.close();
  return result;
};

test("an order split off and applied later is the order itself", async () => {
  const moved = flat(transpose(mul(x, 2), [1, 0]));
  const whole = concat([mul(y, 3), mul(z, 1), moved, mul(y, 5)], 0);
  const parts = deferred(whole);
  expect(parts.map(({ start, length, ordered }) => [start, length, ordered !== undefined])).toEqual([
    [0, 9, false],
    [9, 6, true],
    [15, 4, false],
  ]);
  const feeds = { x: feed(2, 3), y: feed(4), z: feed(5) };
  const expected = await run({ whole }, feeds);
  const yielded = await run(Object.fromEntries(parts.map((part) => [part.name, part.unordered])), feeds);
  const found = new Float32Array(count(whole.shape));
  for (const { name, start, unordered, ordered } of parts) {
    const own = { [name]: { data: yielded[name], shape: [...unordered.shape] } };
    found.set(ordered ? (await run({ ordered }, own)).ordered : yielded[name], start);
  }
  expect(found).toEqual(expected.whole);
});

test("nothing that moves elements is left among a case's operators", () => {
  const [part] = deferred(concat([flat(transpose(reshape(mul(x, 2), [3, 2]), [1, 0])), mul(y, 1)], 0));
  expect(sorted([part.unordered]).map(({ op }) => op)).not.toContain("Transpose");
  expect(sorted([part.ordered!]).map(({ op }) => op)).toContain("Transpose");
});
