import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { foldedWeights, unfoldedWeights } from "../../../src/learning/model/resnet.ts";

test("weights that are unfolded fold to the same ones", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 2, max: 60 }),
      fc.nat(),
      (rows, fanIn, seed) => {
        const { normal } = random(seed);
        const draw = (length: number) => Float32Array.from({ length }, normal);
        const folded = foldedWeights(
          new Map([
            ["layer.weight", draw(rows * fanIn)],
            ["layer.scale", draw(rows)],
            ["layer.bias", draw(rows)],
          ]),
        );
        const again = foldedWeights(unfoldedWeights(folded, ["layer.scale"]));
        expect([...again.keys()].sort()).toEqual(["layer.bias", "layer.weight"]);
        for (const [name, values] of folded)
          values.forEach((value, n) => expect(again.get(name)![n]).toBeCloseTo(value, 3));
      },
    ),
    { numRuns: 50 },
  );
});
