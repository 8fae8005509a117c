import { describe, expect, test } from "vitest";
import { progressiveLayeredExtraction } from "../../../src/learning/model/ple.ts";
import { input, type Parameter, type Tensor } from "../../../src/numerics/graph/index.ts";
import { draws } from "../../numerics/graph/check.ts";
import { evaluate } from "../../numerics/graph/interpreter.ts";

const tasks = ["a", "b", "c"];
const config = { levels: 2, expertsPerTask: 2, sharedExperts: 1, units: 4 };

function build(names: readonly string[], levels: number, more: Partial<typeof config> = {}) {
  const asked = new Map<string, Tensor>();
  const source = ({ name, shape }: Parameter) => {
    const tensor = input(name, shape);
    asked.set(name, tensor);
    return tensor;
  };
  const features = input("features", [3, 5]);
  const ple = progressiveLayeredExtraction(features, names, { ...config, ...more, levels }, source);
  const feeds = new Map([[features, draws(15, 1)]]);
  [...asked.values()].forEach((tensor, i) =>
    feeds.set(
      tensor,
      draws(
        tensor.shape.reduce((x, y) => x * y),
        i + 2,
      ),
    ),
  );
  return { ...ple, asked, features, feeds };
}

describe("progressive layered extraction", () => {
  test("has the gates and experts of the published structure", () => {
    const { gates, asked } = build(tasks, 2);
    expect(gates.map(({ level, gate, experts }) => `${level} ${gate}: ${experts.join(", ")}`)).toEqual([
      "1 a: a 1, a 2, shared 1",
      "1 b: b 1, b 2, shared 1",
      "1 c: c 1, c 2, shared 1",
      "1 shared: a 1, a 2, b 1, b 2, c 1, c 2, shared 1",
      "2 a: a 1, a 2, shared 1",
      "2 b: b 1, b 2, shared 1",
      "2 c: c 1, c 2, shared 1",
    ]);
    // A gate is one linear layer: features of its input by experts it selects among.
    expect(asked.get("ple.level1.shared.gate.weight")!.shape).toEqual([5, 7]);
    expect(asked.get("ple.level2.a.gate.weight")!.shape).toEqual([4, 3]);
    expect(asked.has("ple.level2.shared.gate.weight")).toBe(false);
  });

  test("without experts of the tasks it is a multi-gate mixture of experts", () => {
    const { gates, asked } = build(tasks, 1, { expertsPerTask: 0, sharedExperts: 3 });
    expect(gates.map(({ gate, experts }) => `${gate}: ${experts.join(", ")}`)).toEqual([
      "a: shared 1, shared 2, shared 3",
      "b: shared 1, shared 2, shared 3",
      "c: shared 1, shared 2, shared 3",
    ]);
    const experts = [...asked.keys()].filter((name) => /expert\d\.weight$/.test(name));
    expect(experts).toEqual([1, 2, 3].map((e) => `ple.level1.shared.expert${e}.weight`));
  });

  test("without levels it is a shared bottom: every task reads the features, nothing is between", () => {
    const { outputs, gates, asked, features } = build(tasks, 0);
    expect([gates.length, asked.size]).toEqual([0, 0]);
    expect(outputs.every((output) => output === features)).toBe(true);
    expect(outputs.length).toBe(3);
  });

  test("each gate's weights are positive and sum to one", () => {
    const { gates, feeds } = build(tasks, 3);
    const values = evaluate(
      gates.map(({ weights }) => weights),
      feeds,
    );
    values.forEach((rows, g) => {
      const experts = gates[g].experts.length;
      for (let n = 0; n < 3; n++) {
        const row = rows.subarray(n * experts, (n + 1) * experts);
        expect(Math.min(...row)).toBeGreaterThan(0);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
    });
  });

  test("a level's output is the gate-weighted sum of its experts, written out by hand", () => {
    const { outputs, asked, features, feeds } = build(["a"], 1);
    const value = (name: string) => feeds.get(asked.get(name)!)!;
    const x = feeds.get(features)!;
    const linear = (name: string, units: number, n: number) =>
      Array.from({ length: units }, (_, u) => {
        let total = value(`${name}.bias`)[u];
        for (let f = 0; f < 5; f++) total += x[n * 5 + f] * value(`${name}.weight`)[f * units + u];
        return total;
      });
    const [output] = evaluate(outputs, feeds);
    for (let n = 0; n < 3; n++) {
      const scores = linear("ple.level1.a.gate", 3, n).map(Math.exp);
      const total = scores.reduce((a, b) => a + b);
      const experts = ["a.expert1", "a.expert2", "shared.expert1"].map((e) =>
        linear(`ple.level1.${e}`, 4, n),
      );
      for (let u = 0; u < 4; u++) {
        const expected = experts.reduce((sum, e, i) => sum + (scores[i] / total) * Math.max(0, e[u]), 0);
        expect(output[n * 4 + u]).toBeCloseTo(expected, 10);
      }
    }
  });
});
