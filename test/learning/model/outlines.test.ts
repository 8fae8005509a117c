import { expect, test } from "vitest";
import { dice, outlineLoss } from "../../../src/learning/model/loss.ts";
import { masksAt, outlines } from "../../../src/learning/model/outlines.ts";
import { compile, input, type Tensor } from "../../../src/numerics/graph/index.ts";
import { draws } from "../../numerics/graph/check.ts";

async function run(
  outputs: Record<string, Tensor>,
  feeds: Record<string, { data: Float32Array; shape: number[] }>,
) {
  const session = await compile({ outputs }, { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

test("outlines add up every stage, each coarse voxel spread over the fine ones it covers", async () => {
  const [fine, coarse] = [4, 2];
  const stages = {
    fine: { data: Float32Array.from(draws(3 * fine ** 3, 1)), shape: [1, 3, fine, fine, fine] },
    coarse: { data: Float32Array.from(draws(5 * coarse ** 3, 2)), shape: [1, 5, coarse, coarse, coarse] },
  };
  const weights: Record<string, { data: Float32Array; shape: number[] }> = {};
  const logits = outlines(
    [input("fine", stages.fine.shape), input("coarse", stages.coarse.shape)],
    ({ name, shape }) => {
      const length = shape.reduce((a, b) => a * b, 1);
      weights[name] = { data: Float32Array.from(draws(length, 3 + length)), shape: [...shape] };
      return input(name, shape);
    },
  );
  const { found } = await run({ found: logits }, { ...stages, ...weights });
  const at = (x: Float32Array, side: number, c: number, k: number, j: number, i: number) =>
    x[((c * side + k) * side + j) * side + i];
  for (let r = 0; r < 2; r++)
    for (let k = 0; k < fine; k++)
      for (let j = 0; j < fine; j++)
        for (let i = 0; i < fine; i++) {
          const [w1, w2] = [weights["outlines.stage1.weight"].data, weights["outlines.stage2.weight"].data];
          let expected = weights["outlines.stage1.bias"].data[r] + weights["outlines.stage2.bias"].data[r];
          for (let c = 0; c < 3; c++) expected += w1[r * 3 + c] * at(stages.fine.data, fine, c, k, j, i);
          for (let c = 0; c < 5; c++)
            expected += w2[r * 5 + c] * at(stages.coarse.data, coarse, c, k >> 1, j >> 1, i >> 1);
          expect(at(found, fine, r, k, j, i)).toBeCloseTo(expected, 4);
        }
});

test("outlines that are the masks cost nothing; without any the loss is ln 2 and half of the Dice is missed", async () => {
  const side = 4;
  const shape = [1, 2, side, side, side];
  const data = Float32Array.from({ length: 2 * side ** 3 }, (_, n) => Number(n % 3 === 0));
  const [logits, masks] = [input("logits", shape), input("masks", shape)];
  const loss = async (values: Float32Array) =>
    (
      await run(
        { loss: outlineLoss(logits, masks) },
        { logits: { data: values, shape }, masks: { data, shape } },
      )
    ).loss[0];
  expect(await loss(data.map((x) => (x === 1 ? 40 : -40)))).toBeCloseTo(0, 5);
  // Of 64 voxels a structure fills f; soft Dice of ½ everywhere: (2 · f / 2 + 1) / (32 + f + 1).
  const filled = [0, 1].map((r) => data.subarray(r * 64, (r + 1) * 64).reduce((a, b) => a + b, 0));
  const mean = filled.map((f) => (f + 1) / (33 + f)).reduce((a, b) => a + b, 0) / 2;
  expect(await loss(data.map(() => 0))).toBeCloseTo(Math.LN2 + 1 - mean, 5);
  const drawn = input("drawn", shape);
  const none = { data: new Float32Array(data.length), shape };
  expect([...(await run({ d: dice(drawn, masks) }, { drawn: none, masks: none })).d]).toEqual([1, 1]);
});

test("masks on a coarser grid are shares of its voxels", async () => {
  const data = Float32Array.from({ length: 128 }, (_, n) => Number(n % 4 === 0));
  const { found } = await run(
    { found: masksAt(input("masks", [1, 2, 4, 4, 4]), 2) },
    { masks: { data, shape: [1, 2, 4, 4, 4] } },
  );
  expect([...found]).toEqual(Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? 0.5 : 0)));
});
