import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { learningCurve, runsOfCurve } from "../../../../src/evidence/experiment/designs/learningCurve.ts";
import { curvesMustFit } from "../../../../src/evidence/experiment/designs/learningCurves.ts";
import { labeledPoints, sizePoints } from "../../../../src/evidence/experiment/designs/points.ts";
import { runOf, type Variant } from "../../../../src/evidence/experiment/designs/variant.ts";
import { type ModelRun, type ModelStore, modelName } from "../../../../src/evidence/experiment/modelStore.ts";
import { type Plan, parsePlan } from "../../../../src/evidence/experiment/plan.ts";
import { sizeBaseline } from "../../../../src/evidence/predictions/sizeBaseline.ts";
import { auc } from "../../../../src/numerics/stats/index.ts";
import type { Case } from "../../../../src/patients/cohort/case.ts";
import { splitDevelopment } from "../../../../src/patients/cohort/split.ts";
import { labelOf, namesOf, studyTasks, taskNamed } from "../../../../src/patients/cohort/tasks.ts";
import { caseOf } from "../../../patients/cohort/arbitrary.ts";

const draw = random(8);
const cases = Array.from({ length: 160 }, (_, i) =>
  caseOf(`c${i}`, {
    center: i < 120 ? "A" : "B",
    // Two studies of every tenth person.
    patient: `p${i % 10 === 1 ? i - 1 : i}`,
    images: Object.fromEntries(
      ["corticomedullary", "nephrographic", "excretory"].map((p) => [p, `${p}-${i}`]),
    ),
    sizeMm: 20 + 60 * draw.uniform(),
    histology: draw.uniform() < 0.6 ? "clear_cell" : "papillary",
    ...(i % 17 > 0 && { stage: draw.uniform() < 0.3 ? ("III" as const) : ("I" as const) }),
    complexity: draw.uniform() < 0.4 ? "high" : "low",
  }),
);
const cohort = { folder: "/", cases };
const of = (center: string) => cases.filter((c) => c.center === center);
const [development, external] = [of("A"), of("B")];
const tasks = studyTasks;
const stage = taskNamed(tasks, "stage");
const variants = (["mtdl", "stdl", "size"] as const).map(
  (kind): Variant => ({ name: kind, kind, settings: {} }),
);
const planOf = (more: object): Plan =>
  parsePlan(
    JSON.stringify({ format: "trinephron-plan/1", settings: { batch: 8, epochs: 30 }, ...more }),
    "plan.json",
  );
const plan = planOf({
  sizes: { cases: [12, 24, 48], seeds: [1, 2] },
  labeled: { task: "stage", shares: [0.25, 1], seeds: [1, 2] },
});
const where = { plan, tasks, development };
const sizes = { ...where, variants, steps: "same", points: sizePoints(plan.sizes!, where) } as const;
const labeled = { ...where, variants, steps: "same", points: labeledPoints(plan.labeled!, where) } as const;

const patients = (all: readonly Case[]) => new Set(all.map((c) => c.patient));
const trainedOn = ({ development: all, parts }: ModelRun) =>
  all.filter((c) => !(parts?.validation ?? []).includes(c.case));

/** Answers by the run's name alone, after it was trained; says what was asked of it, in order. */
function recording() {
  const asked: { what: "train" | "answer"; run: ModelRun; cases: readonly Case[] }[] = [];
  const store: ModelStore = {
    tasks,
    train: async (run) => {
      asked.push({ what: "train", run, cases: [] });
      return undefined as never;
    },
    answer: async (run, shown) => {
      asked.push({ what: "answer", run, cases: shown });
      const noise = random([...modelName(run, tasks)].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7));
      return new Map(
        shown.map((c) => [
          c.case,
          Object.fromEntries(
            run.settings.tasks.map((task) => [
              task,
              (labelOf(taskNamed(tasks, task), c) ?? 0) + noise.normal(),
            ]),
          ),
        ]),
      );
    },
  };
  return { asked, store };
}

describe("sizes", () => {
  test("nested within a seed, by patient, both classes of every task, the validation part its seed's own", () => {
    for (const seed of [1, 2]) {
      const own = sizes.points.filter((point) => point.seed === seed);
      const settings = { validationFraction: 0.2, seed, stratifyBy: tasks };
      const { train, validation } = splitDevelopment(development, settings);
      own.forEach(({ at, training, ...point }, i) => {
        expect(point.validation).toEqual(validation);
        expect([at, at - 1]).toContain(training.length);
        expect(training.every((c) => train.includes(c))).toBe(true);
        const left = train.filter((c) => !training.includes(c));
        expect([...patients(left)].filter((p) => patients(training).has(p))).toEqual([]);
        for (const task of tasks) {
          const labels = new Set(training.map((c) => labelOf(task, c)));
          expect([labels.has(0), labels.has(1)]).toEqual([true, true]);
        }
        if (i > 0) expect(own[i - 1].training.every((c) => training.includes(c))).toBe(true);
      });
    }
    expect(sizes.points[0].training).not.toEqual(sizes.points[3].training);
  });

  test("another size asked for besides changes no point", () => {
    const more = sizePoints({ ...plan.sizes!, cases: [20, 12, 60] }, where);
    expect(more.find(({ at }) => at === 12)).toEqual(sizes.points[0]);
  });

  test("every model is trained before an external case is seen, and no external case has a part in any", async () => {
    const { asked, store } = recording();
    await learningCurve({ ...sizes, store, external });
    const firstAnswer = asked.findIndex(({ what }) => what === "answer");
    expect(asked.slice(firstAnswer).every(({ what }) => what === "answer")).toBe(true);
    const trained = new Set(asked.slice(0, firstAnswer).map(({ run }) => modelName(run, tasks)));
    // 3 sizes, 2 seeds, one model of all tasks and one of each of three.
    expect(trained.size).toBe(3 * 2 * 4);
    expect(new Set(asked.slice(firstAnswer).map(({ run }) => modelName(run, tasks)))).toEqual(trained);
    for (const { run, cases: shown } of asked) {
      expect(run.development.every((c) => c.center === "A")).toBe(true);
      expect(shown.every((c) => c.center === "B")).toBe(true);
    }
  });

  test("as many steps with few cases as with all; with `fewer` the epochs are the settings'", () => {
    const stepsOf = ({ run }: { run: ModelRun }) =>
      run.settings.epochs * Math.floor(trainedOn(run).length / run.settings.batch);
    const all = 30 * Math.floor((development.length - sizes.points[0].validation.length) / 8);
    for (const steps of runsOfCurve(sizes).map(stepsOf)) expect(Math.abs(steps / all - 1)).toBeLessThan(0.02);
    for (const { run } of runsOfCurve({ ...sizes, steps: "fewer" })) expect(run.settings.epochs).toBe(30);
  });

  test("a size that is the whole training part is the model that `seeds` trains", async () => {
    const whole = splitDevelopment(development, {
      validationFraction: 0.2,
      seed: 1,
      stratifyBy: tasks,
    }).train;
    const points = sizePoints({ ...plan.sizes!, cases: [whole.length], seeds: [1, 2] }, where);
    const { store } = recording();
    const [{ run }] = runsOfCurve({ ...sizes, points });
    const ofSeeds = await runOf(variants[0], namesOf(tasks), { plan, store, development, seed: 1 });
    expect(modelName(run, tasks)).toBe(modelName(ofSeeds, tasks));
    expect(run).toEqual(ofSeeds);
  });

  test("figures: each seed's area and their mean; size's is of a regression on the same cases", async () => {
    const { store } = recording();
    const found = await learningCurve({ ...sizes, store, external });
    expect(found.auc.length).toBe(3 * 3 * 3);
    expect(found.differences.length).toBe(3 * 3 * 2);
    const mtdl = runsOfCurve(sizes).filter(({ run }) => run.settings.tasks.length > 1);
    const known = external.filter((c) => labelOf(stage, c) !== undefined);
    const labels = known.map((c) => labelOf(stage, c)!);
    const row = (model: string) =>
      found.auc.find((r) => r.task === "stage" && r.at === 24 && r.model === model)!;
    const own = mtdl.filter(({ point }) => point.at === 24);
    const answers = await Promise.all(own.map(({ run }) => store.answer(run, known)));
    // The store draws case by case, so that other lists of cases have other answers.
    const all = await Promise.all(own.map(({ run }) => store.answer(run, external)));
    expect(answers.length).toBe(2);
    expect(row("mtdl").bySeed).toEqual(
      all.map((logits) =>
        expect.closeTo(
          auc(
            labels,
            known.map((c) => logits.get(c.case)!.stage!),
          ),
          12,
        ),
      ),
    );
    expect(row("mtdl").value).toBeCloseTo((row("mtdl").bySeed[0] + row("mtdl").bySeed[1]) / 2, 12);
    expect(row("size").bySeed).toEqual(
      own.map(({ point }) => {
        const model = sizeBaseline([...point.training, ...point.validation], stage);
        return expect.closeTo(
          auc(
            labels,
            known.map((c) => model.probability(c.sizeMm!)),
          ),
          12,
        );
      }),
    );
    const difference = found.differences.find((r) => r.task === "stage" && r.at === 24 && r.b === "stdl")!;
    expect(difference.difference).toBeCloseTo(row("mtdl").value - row("stdl").value, 12);
    const subset = found.subsets.find((r) => r.task === "stage" && r.at === 24 && r.seed === 1)!;
    const told = own[0].point.training.flatMap((c) => labelOf(stage, c) ?? []);
    expect(subset).toMatchObject({ n: told.length, positives: told.filter((y) => y === 1).length });
  });
});

describe("labeled", () => {
  const runs = runsOfCurve(labeled);
  const at = (share: number, asked: string) =>
    runs.find(
      ({ point, run }) =>
        point.at === share && point.seed === 1 && run.settings.tasks.join().startsWith(asked),
    )!;

  test("the multi-task model keeps every case; the task's own has those whose label is told, as many steps", () => {
    const { point, run } = at(0.25, "histology,");
    const train = point.training.filter((c) => labelOf(stage, c) !== undefined);
    const withheld = new Set(run.parts!.unlabeled!.stage);
    const told = train.filter((c) => !withheld.has(c.case));
    expect(run.development).toEqual(development);
    expect(Math.abs(told.length - 0.25 * train.length)).toBeLessThanOrEqual(2);
    expect(
      [...patients(told)].filter((p) => patients(train.filter((c) => withheld.has(c.case))).has(p)),
    ).toEqual([]);
    const alone = at(0.25, "stage").run;
    expect(trainedOn(alone).filter((c) => labelOf(stage, c) !== undefined)).toEqual(told);
    expect(alone.parts!.unlabeled).toBeUndefined();
    expect(alone.settings.epochs).toBeGreaterThan(60);
    expect(run.settings.epochs).toBe(30);
    for (const c of point.validation) expect(run.parts!.validation).toContain(c.case);
  });

  test("other tasks' own models and the whole share are those that `seeds` trains", async () => {
    const { store } = recording();
    for (const [share, asked] of [
      [0.25, "complexity"],
      [1, "stage"],
    ] as const)
      expect(at(share, asked).run).toEqual(
        await runOf(variants[1], [asked], { plan, store, development, seed: 1 }),
      );
    expect(new Set(runs.map(({ run }) => modelName(run, tasks))).size).toBe(2 * (2 + 2 + 2));
  });
});

describe("refused before anything is trained", () => {
  const refused = (more: object, all: readonly Case[] = cases) => {
    const asked = planOf(more);
    const part = (own: boolean) => all.filter((c) => (c.center === "A") === own);
    try {
      curvesMustFit(asked, { ...cohort, cases: all }, part(true), part(false));
    } catch (error) {
      return error;
    }
    return "taken";
  };
  const seeds = [1, 2];

  test.each([
    [
      "more cases than there are",
      { sizes: { cases: [110], seeds } },
      "E_TOO_FEW",
      /sizes: 110 cases: seed 1 leaves 96/,
    ],
    [
      "fewer than a batch",
      { sizes: { cases: [48, 7], seeds } },
      "E_TOO_FEW",
      /sizes: 7 cases, seed 1: 7 training cases/,
    ],
    [
      "one class",
      { settings: { batch: 2 }, sizes: { cases: [2], seeds } },
      "E_ONE_CLASS",
      /sizes: 2 cases, seed \d: \w+, training cases of centre A/,
    ],
    [
      "no label left",
      { settings: { batch: 2 }, labeled: { task: "stage", shares: [0.5, 0.001], seeds } },
      "E_ONE_CLASS",
      /labeled: share 0.001 of the labels, seed 1: stage/,
    ],
    [
      "a task that is none",
      { labeled: { task: "grade", shares: [1], seeds } },
      "E_USAGE",
      /labeled: task grade/,
    ],
  ])("%s", (_, more, code, says) => {
    expect(refused(more)).toMatchObject({ code, message: expect.stringMatching(says) });
  });

  test("an external set of one class; what fits is taken", () => {
    const fitting = { sizes: { cases: [24], seeds }, labeled: { task: "stage", shares: [0.5], seeds } };
    expect(refused(fitting)).toBe("taken");
    const same = cases.map((c): Case => (c.center === "B" ? { ...c, stage: "I" } : c));
    expect(refused(fitting, same)).toMatchObject({
      code: "E_ONE_CLASS",
      message: expect.stringMatching(/stage, sizes, external cases/),
    });
  });
});
