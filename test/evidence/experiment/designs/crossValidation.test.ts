import { expect, test } from "vitest";
import { TrinephronError } from "../../../../src/base/errors.ts";
import { derivedSeed, random } from "../../../../src/base/random.ts";
import { crossValidate, modelsOfFolds } from "../../../../src/evidence/experiment/designs/crossValidation.ts";
import type { ModelStore } from "../../../../src/evidence/experiment/modelStore.ts";
import { usualPlan } from "../../../../src/evidence/experiment/plan.ts";
import { sizeBaseline } from "../../../../src/evidence/predictions/sizeBaseline.ts";
import { auc, logit } from "../../../../src/numerics/stats/index.ts";
import { foldsOf } from "../../../../src/patients/cohort/split.ts";
import { labelOf, studyTasks, taskNamed } from "../../../../src/patients/cohort/tasks.ts";
import { caseOf } from "../../../patients/cohort/arbitrary.ts";

const draw = random(5);
const cases = Array.from({ length: 60 }, (_, i) =>
  caseOf(`c${i}`, {
    // Two studies of every fourth person.
    patient: `p${i % 4 === 1 ? i - 1 : i}`,
    sizeMm: 20 + 60 * draw.uniform(),
    histology: draw.uniform() < 0.6 ? "clear_cell" : "papillary",
    stage: draw.uniform() < 0.4 ? "III" : "I",
    complexity: draw.uniform() < 0.4 ? "high" : "low",
  }),
);

/** Size needs no network. */
const store: ModelStore = {
  tasks: studyTasks,
  train: () => Promise.reject(new Error("no model is asked for")),
  answer: () => Promise.reject(new Error("no model is asked for")),
};

test("each case is answered once a repeat, by a model of the other folds' cases, and pooled", async () => {
  const plan = { ...usualPlan(), seed: 9 };
  const variants = [{ name: "size", kind: "size", settings: {} }] as const;
  const found = await crossValidate({ plan, store, cases, variants, folds: 4, repeats: 2 });
  expect(found.auc.length).toBe(6);
  for (const row of found.auc) {
    expect(row.n).toBe(60);
    const scores = new Map<string, number>();
    const splits = foldsOf(cases, {
      k: 4,
      seed: derivedSeed(9, "repeat", row.repeat),
      stratifyBy: studyTasks,
    });
    for (const { train, validation } of splits) {
      const patients = new Set(train.map((c) => c.patient));
      expect(validation.filter((c) => patients.has(c.patient))).toEqual([]);
      const model = sizeBaseline(train, taskNamed(studyTasks, row.task));
      for (const c of validation) {
        expect(scores.has(c.case)).toBe(false);
        scores.set(c.case, logit(model.probability(c.sizeMm!)));
      }
    }
    const positive = { histology: "clear_cell", stage: "III", complexity: "high" } as const;
    const taskIn = ({ task }: { task: string }) => task as keyof typeof positive;
    const labels = cases.map((c) => Number(c[taskIn(row)] === positive[taskIn(row)]));
    expect(row.value).toBeCloseTo(
      auc(
        labels,
        cases.map((c) => scores.get(c.case)!),
      ),
      12,
    );
  }
  const first = found.summary[0];
  const values = found.auc.filter((r) => r.task === first.task).map((r) => r.value);
  expect(first.mean).toBeCloseTo((values[0] + values[1]) / 2, 12);
  expect(found.unfinished).toEqual([]);
});

test("a grid is chosen from by the fold's development cases alone", async () => {
  const asked: { rate: number; development: Set<string>; cases: string[] }[] = [];
  /** Settings with a learning rate of 0.1 answer by the labels, others by chance. */
  const byRate: ModelStore = {
    ...store,
    answer: async ({ settings, development }, shown) => {
      const { learningRate: rate, tasks } = settings;
      asked.push({
        rate,
        development: new Set(development.map((c) => c.case)),
        cases: shown.map((c) => c.case),
      });
      const of = (c: (typeof cases)[number]) =>
        tasks.map((task) => [task, labelOf(taskNamed(studyTasks, task), c)! - 0.5]);
      const chance = () => tasks.map((task) => [task, draw.normal()]);
      return new Map(shown.map((c) => [c.case, Object.fromEntries(rate === 0.1 ? of(c) : chance())]));
    },
  };
  const grid = [0.3, 0.1, 0.2].map((learningRate) => ({
    name: `rate ${learningRate}`,
    settings: { learningRate },
  }));
  const variants = [{ name: "stdl", kind: "stdl", settings: {}, grid, innerFolds: 2 }] as const;
  const options = { plan: usualPlan(), store: byRate, cases, variants, folds: 3, repeats: 1 };
  const { choices, auc: rows } = await crossValidate(options);
  expect(choices.map(({ model, chosen }) => [model, chosen])).toEqual(
    [1, 2, 3].flatMap(() => ["histology", "stage", "complexity"].map((task) => [`stdl ${task}`, "rate 0.1"])),
  );
  expect(rows.map(({ value }) => value)).toEqual([1, 1, 1]);
  // By fold and task: two inner folds of each of three settings; after all of those, the chosen one on the outer fold.
  expect(asked.length).toBe(modelsOfFolds(variants, studyTasks, 3, 1));
  const outer = asked.slice(6 * 9);
  expect(outer.map(({ rate }) => rate)).toEqual(new Array(9).fill(0.1));
  for (const [m, { development, cases: tested }] of outer.entries()) {
    for (const inner of asked.slice(6 * m, 6 * (m + 1))) {
      expect([...inner.development, ...inner.cases].filter((name) => !development.has(name))).toEqual([]);
      expect(inner.cases.filter((name) => inner.development.has(name))).toEqual([]);
    }
    expect(tested.filter((name) => development.has(name))).toEqual([]);
  }
});

test("a variant whose models are missing is left out and named; without the first there is nothing", async () => {
  const missing: ModelStore = {
    ...store,
    answer: () => Promise.reject(new TrinephronError("E_INTERRUPTED", "not trained yet")),
  };
  const size = { name: "size", kind: "size", settings: {} } as const;
  const other = { name: "half size", kind: "size", settings: {} } as const;
  const mtdl = { name: "mtdl", kind: "mtdl", settings: {} } as const;
  const asked = { plan: usualPlan(), store: missing, cases, folds: 2, repeats: 1 };
  const found = await crossValidate({ ...asked, variants: [size, mtdl, other] });
  expect(found.unfinished).toEqual(["mtdl"]);
  expect(found.differences.map(({ b, difference }) => [b, difference])).toEqual(
    [0, 0, 0].map((zero) => ["half size", zero]),
  );
  await expect(crossValidate({ ...asked, variants: [mtdl, size] })).rejects.toMatchObject({
    code: "E_INTERRUPTED",
  });
});

test("a task of one class is refused by name", async () => {
  const same = cases.map((c) => ({ ...c, stage: "I" as const }));
  const variants = [{ name: "size", kind: "size", settings: {} }] as const;
  const asked = { plan: usualPlan(), store, cases: same, variants, folds: 2, repeats: 1 };
  await expect(crossValidate(asked)).rejects.toMatchObject({
    code: "E_ONE_CLASS",
    message: expect.stringContaining("stage"),
  });
});
