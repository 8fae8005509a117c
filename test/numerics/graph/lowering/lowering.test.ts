import fc from "fast-check";
import { expect, test } from "vitest";
import { gradients } from "../../../../src/numerics/graph/gradients.ts";
import {
  add,
  averagePool,
  compile,
  convolution,
  groupNorm,
  input,
  mul,
  relu,
  reshape,
  sorted,
  sum,
  type Tensor,
} from "../../../../src/numerics/graph/index.ts";
import { hoisted } from "../../../../src/numerics/graph/lowering/hoist.ts";
import { lowered } from "../../../../src/numerics/graph/lowering/lowering.ts";
import { apply, count } from "../../../../src/numerics/graph/tensor.ts";
import { draws } from "../check.ts";

type Outputs = Readonly<Record<string, Tensor>>;

const inputsOf = (outputs: Outputs) => sorted(Object.values(outputs)).filter(({ op }) => op === "Input");

const values = (outputs: Outputs) =>
  Object.fromEntries(
    inputsOf(outputs).map(({ name, shape }, i) => [
      name!,
      { data: Float32Array.from(draws(count(shape), i + 1)), shape },
    ]),
  );

async function run(outputs: Outputs, feeds: ReturnType<typeof values>) {
  const session = await compile({ outputs }, { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

/** A residual block of whatever the blocked kernels take, and its gradients. */
function block(channels: number, wide: number, side: number, stride: 1 | 2, groups: number): Outputs {
  const x = input("x", [1, channels, side, side, side + 2]);
  const [first, second, shortcut] = [
    input("first", [wide, channels, 3, 3, 3]),
    input("second", [wide, wide, 3, 3, 3]),
    input("shortcut", [wide, channels, 1, 1, 1]),
  ];
  const norms = [0, 1, 2, 3].map((i) => input(`norm${i}`, [wide]));
  const inner = relu(groupNorm(convolution(x, first, { stride }), norms[0], norms[1], groups));
  const outer = groupNorm(convolution(inner, second), norms[2], norms[3], groups);
  const y = relu(add(outer, convolution(stride === 1 ? x : averagePool(x, 2), shortcut)));
  const loss = sum(mul(y, y));
  const parameters = [x, first, second, shortcut, ...norms];
  const parts = gradients(loss, parameters).map((g, i) => [`d ${parameters[i].name}`, mul(g, 1)] as const);
  return { loss, ...Object.fromEntries(parts) };
}

/** Convolutions with a bias: added before or after, or as ONNX's third input, and their gradients. */
function biased(channels: number, wide: number, side: number, stride: 1 | 2): Outputs {
  const x = input("x", [1, channels, side, side, side + 2]);
  const weights = [input("first", [wide, channels, 3, 3, 3]), input("second", [wide, wide, 3, 3, 3])];
  const biases = [input("bias1", [wide]), input("bias2", [wide])];
  const [before, after] = biases.map((bias) => reshape(bias, [1, wide, 1, 1, 1]));
  const inner = relu(add(convolution(x, weights[0], { stride }), before));
  const y = relu(add(after, convolution(inner, weights[1])));
  const loss = sum(mul(y, y));
  const parameters = [x, ...weights, ...biases];
  const parts = gradients(loss, parameters).map((g, i) => [`d ${parameters[i].name}`, mul(g, 1)] as const);
  const plain = convolution(x, weights[0], { stride });
  const onnx = apply("Conv", [...plain.inputs, biases[0]], plain.shape, plain.attributes);
  return { loss, onnx: relu(onnx), ...Object.fromEntries(parts) };
}

test("the lowering for this machine changes nothing but rounding, forward or backward", async () => {
  const shapes = fc.record({
    channels: fc.constantFrom(3, 16, 32),
    wide: fc.constantFrom(16, 24, 48),
    half: fc.integer({ min: 1, max: 3 }),
    stride: fc.constantFrom(1 as const, 2 as const),
    groups: fc.constantFrom(1, 8),
  });
  await fc.assert(
    fc.asyncProperty(shapes, ({ channels, wide, half, stride, groups }) =>
      same(block(channels, wide, 2 * half, stride, groups)),
    ),
    { numRuns: 25, seed: 1 },
  );
  await fc.assert(
    fc.asyncProperty(shapes, ({ channels, wide, half, stride }) =>
      same(biased(channels, wide, 2 * half, stride)),
    ),
    { numRuns: 25, seed: 1 },
  );
});

test.each([
  {
    name: "planes filtered in pairs, rows of whole blocks",
    channels: 16,
    wide: 16,
    side: 14,
    stride: 1 as const,
  },
  { name: "rows of more than a block, no whole ones", channels: 16, wide: 48, side: 10, stride: 1 as const },
  { name: "a gradient in pieces", channels: 16, wide: 32, side: 30, stride: 1 as const },
  { name: "a stride over rows of whole blocks", channels: 3, wide: 16, side: 30, stride: 2 as const },
])("the same of $name", async ({ channels, wide, side, stride }) => {
  await same(block(channels, wide, side, stride, 8));
  await same(biased(channels, wide, side, stride));
});

async function same(outputs: Outputs): Promise<void> {
  const feeds = values(outputs);
  const low = await lowered({ outputs });
  const [expected, found] = [await run(outputs, feeds), await run(low.outputs, feeds)];
  for (const name of Object.keys(outputs)) {
    const largest = (at: (i: number) => number) =>
      expected[name].reduce((most, _, i) => Math.max(most, at(i)), 0);
    const scale = Math.max(
      largest((i) => Math.abs(expected[name][i])),
      1e-3,
    );
    expect(largest((i) => Math.abs(expected[name][i] - found[name][i])) / scale, name).toBeLessThan(2e-4);
  }
}

test("what cases share is computed apart, the rest reads it, and the results are the same bits", async () => {
  const outputs = block(16, 16, 4, 1, 8);
  const parameters = new Set(inputsOf(outputs).filter(({ name }) => name !== "x"));
  const { shared, outputs: rest } = hoisted(outputs, parameters);
  expect(Object.keys(shared).length).toBeGreaterThan(3);
  for (const tensor of inputsOf(shared)) expect(parameters.has(tensor)).toBe(true);
  for (const { name } of inputsOf(rest)) expect(name === "x" || name! in shared).toBe(true);
  const feeds = values(outputs);
  // A parameter the rest reads as it is needs no graph.
  const computed = Object.fromEntries(Object.entries(shared).filter(([, { op }]) => op !== "Input"));
  const found = Object.entries(await run(computed, feeds)).map(([name, data]) => [
    name,
    { data, shape: shared[name].shape },
  ]);
  const own = Object.entries(shared).flatMap(([name, x]) =>
    x.op === "Input" ? [[name, feeds[x.name!]]] : [],
  );
  const all = { ...Object.fromEntries([...found, ...own]), x: feeds.x };
  expect(await run(rest, all)).toEqual(await run(outputs, feeds));
});
