import { expect, test } from "vitest";
import { readOnnx, writeOnnx } from "../../../src/numerics/graph/file/onnxModel.ts";
import { readGraph } from "../../../src/numerics/graph/file/readGraph.ts";
import {
  averagePool,
  constant,
  convolution,
  encodeOnnx,
  groupNorm,
  input,
  matmul,
  mean,
  mul,
  openModel,
  openSession,
  relu,
  softmax,
  sorted,
  type Tensor,
} from "../../../src/numerics/graph/index.ts";
import { lowerModel } from "../../../src/numerics/graph/lowering/lowerModel.ts";
import { count } from "../../../src/numerics/graph/tensor.ts";
import { draws } from "./check.ts";

const drawn = (n: number, seed: number) => Float32Array.from(draws(n, seed));

/** A small network with its weights inside, one of them too large to be copied into the runtime. */
function model(suffix = "") {
  const weights = new Map<Tensor, Float32Array>();
  const weight = (name: string, ...shape: number[]) => {
    const tensor = input(`${name}${suffix}`, shape);
    weights.set(tensor, drawn(count(shape), weights.size));
    return tensor;
  };
  const image = input("image", [1, 3, 8, 8, 8]);
  const first = relu(
    groupNorm(
      convolution(image, weight("first", 16, 3, 3, 3, 3)),
      weight("scale", 16),
      weight("shift", 16),
      8,
    ),
  );
  const second = averagePool(convolution(first, weight("second", 128, 16, 3, 3, 3)), 2);
  const features = mean(second, [2, 3, 4]);
  const outputs = { features, answer: softmax(matmul(features, constant(drawn(256, 9), [128, 2]))) };
  return { outputs, weights };
}
const feeds = { image: { data: drawn(3 * 512, 5), shape: [1, 3, 8, 8, 8] } };

test("a model answers the same in the processor's lowering", async () => {
  const onnx = encodeOnnx(model(), { shapes: true });
  const [plain, opened] = [await openSession(onnx), await openModel(onnx)];
  const [expected, found] = [await plain.run(feeds), await opened.run(feeds)];
  for (const name of ["features", "answer"])
    expected[name].forEach((value, i) => expect(found[name][i]).toBeCloseTo(value, 4));
  await Promise.all([plain.close(), opened.close()]);
  const lowered = await lowerModel(onnx);
  expect(sorted(Object.values(lowered!.graph.outputs)).some(({ op }) => op.startsWith("com.microsoft"))).toBe(
    true,
  );
  expect(Object.values(await lowered!.weights()).map(({ data }) => data.length)).toContain(128 * 16 * 9);
});

test("weights that follow from others by operators are computed once, small ones and large", async () => {
  const weights = new Map<Tensor, Float32Array>();
  const image = input("image", [1, 16, 8, 8, 8]);
  const kernel = (name: string, outputs: number) => {
    const weight = input(name, [outputs, 16, 3, 3, 3]);
    weights.set(weight, drawn(count(weight.shape), outputs));
    return mul(weight, 0.5);
  };
  const outputs = Object.fromEntries(
    [16, 128].map((n) => [`y${n}`, mean(convolution(image, kernel(`w${n}`, n)), [2, 3, 4])]),
  );
  const onnx = encodeOnnx({ outputs, weights }, { shapes: true });
  const own = { image: { data: drawn(16 * 512, 5), shape: image.shape } };
  const [plain, opened] = [await openSession(onnx), await openModel(onnx)];
  const [expected, found] = [await plain.run(own), await opened.run(own)];
  for (const name of ["y16", "y128"])
    expected[name].forEach((value, i) => expect(found[name][i]).toBeCloseTo(value, 4));
  await Promise.all([plain.close(), opened.close()]);
});

test("a file read gives the file again, but for names", () => {
  const { outputs } = model();
  const read = readGraph(encodeOnnx(model(), { shapes: true }))!;
  const shapes = (graph: Record<string, Tensor>) =>
    sorted(Object.values(graph)).flatMap(({ op, shape, attributes, inputs }) =>
      inputs.length > 0 ? [{ op, shape, attributes }] : [],
    );
  expect(shapes({ ...read.outputs })).toEqual(shapes(outputs));
});

test("large weights begin at a multiple of four bytes, whatever stands before them", () => {
  for (const suffix of ["", "a", "ab", "abc"]) {
    const { initializers } = readOnnx(encodeOnnx(model(suffix)));
    const large = initializers.filter(({ bytes }) => bytes.length > 2 ** 10);
    const names = large.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([`first${suffix}`, `second${suffix}`]));
    for (const { bytes } of large) expect(bytes.byteOffset % 4).toBe(0);
  }
});

test("weights at any place in a file are read alike", async () => {
  const onnx = encodeOnnx(model(), { shapes: true });
  const moved = new Uint8Array(onnx.length + 1).subarray(1);
  moved.set(onnx);
  const [weights, others] = await Promise.all(
    [onnx, moved].map(async (file) => (await lowerModel(file))!.weights()),
  );
  expect(others).toEqual(weights);
});

test("weights shorter than their shape tells, or longer, are left to ONNX Runtime to refuse", async () => {
  const read = readOnnx(encodeOnnx(model(), { shapes: true }));
  for (const length of [4 * 1295, 4 * 1295 + 2, 4 * 1297]) {
    const initializers = read.initializers.map((weights) =>
      weights.name === "first" ? { ...weights, bytes: new Uint8Array(length) } : weights,
    );
    const onnx = writeOnnx({ ...read, initializers });
    expect(readGraph(onnx)).toBeUndefined();
    await expect(openModel(onnx)).rejects.toMatchObject({ code: "E_RUNTIME" });
  }
});

test("a message that ends within a field is broken", () => {
  // A graph (7) of three bytes with a node (1) of one byte, whose input (1) is a text of four.
  const graph = [0x0a, 0x01, 0x0a, 0x04, 0x61, 0x61, 0x61, 0x61];
  expect(() => readOnnx(Uint8Array.of(0x3a, 3, ...graph))).toThrow("beyond its message");
});

test("a file without shapes runs as it is, a broken one is refused by name", async () => {
  const onnx = encodeOnnx(model());
  expect(readGraph(onnx)).toBeUndefined();
  const session = await openModel(onnx);
  expect((await session.run(feeds)).answer.length).toBe(2);
  await session.close();
  await expect(openModel(onnx.slice(0, 500))).rejects.toMatchObject({ code: "E_RUNTIME" });
});
