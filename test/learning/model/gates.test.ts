import { expect, test } from "vitest";
import { expertName, expertOwners, gateOutput, gatesOf, shared } from "../../../src/learning/model/gates.ts";
import { progressiveLayeredExtraction } from "../../../src/learning/model/ple.ts";
import { input, type Parameter } from "../../../src/numerics/graph/index.ts";

test("a network's gates are those that its settings tell", () => {
  for (const tasks of [["histology", "stage", "complexity"], ["stage"]])
    for (const levels of [0, 1, 2, 3])
      for (const [expertsPerTask, sharedExperts] of [
        [2, 1],
        [0, 3],
      ]) {
        const config = { levels, expertsPerTask, sharedExperts, units: 2 };
        const source = ({ name, shape }: Parameter) => input(name, shape);
        const { gates } = progressiveLayeredExtraction(input("features", [1, 3]), tasks, config, source);
        expect(gatesOf(tasks, config)).toEqual(gates.map(({ weights: _, ...gate }) => gate));
        const names = gates.map(({ level, gate }) => gateOutput(level, gate));
        expect(new Set(names).size).toBe(names.length);
      }
});

test("each expert has its owner by the name that was built for it", () => {
  const [, gate] = gatesOf(["stage", "stage 1"], { levels: 1, expertsPerTask: 1, sharedExperts: 2 });
  const owners = ["stage", "stage 1", shared];
  expect(expertOwners(owners, gate.experts)).toEqual(["stage 1", shared, shared]);
  const many = Array.from({ length: 12 }, (_, e) => expertName("stage", e + 1));
  expect(expertOwners(owners, many)).toEqual(many.map(() => "stage"));
  expect(expertOwners(owners, ["somebody"])).toEqual(["somebody"]);
});
