import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, convolution, input, sorted } from "../../../../src/numerics/graph/index.ts";
import { writeKernelPlanes } from "../../../../src/numerics/graph/lowering/kernelPlanes.ts";
import { lowered } from "../../../../src/numerics/graph/lowering/lowering.ts";
import { count } from "../../../../src/numerics/graph/tensor.ts";
import { draws } from "../check.ts";

test("planes of a kernel and their sums are written as ONNX Runtime puts them in order", async () => {
  const kernels = fc.record({
    outputs: fc.constantFrom(16, 32),
    channels: fc.constantFrom(1, 3, 16, 48),
    k: fc.constantFrom(1, 3),
    // Thin volumes are convolved plane by plane, others by minimal filtering.
    depth: fc.constantFrom(3, 8),
  });
  await fc.assert(
    fc.asyncProperty(kernels, async ({ outputs, channels, k, depth }) => {
      const weight = input("weight", [outputs, channels, k, k, k]);
      const x = input("x", [1, channels, depth, 4, 4]);
      const graph = await lowered({ outputs: { y: convolution(x, weight) } });
      const planes = sorted(Object.values(graph.outputs)).flatMap((tensor) =>
        tensor.computes?.op === "KernelPlanes" ? [{ tensor, computes: tensor.computes }] : [],
      );
      expect(planes.length).toBeGreaterThanOrEqual(k);
      const values = Float32Array.from(draws(count(weight.shape), 1));
      const session = await compile({
        outputs: Object.fromEntries(planes.map(({ tensor }, i) => [`plane${i}`, tensor])),
      });
      const expected = await session.run({ weight: { data: values, shape: weight.shape } });
      await session.close();
      planes.forEach(({ tensor, computes }, i) => {
        const found = new Float32Array(count(tensor.shape));
        writeKernelPlanes(computes, values, found);
        found.forEach((value, j) => expect(value).toBeCloseTo(expected[`plane${i}`][j], 5));
      });
    }),
    { numRuns: 12 },
  );
});
