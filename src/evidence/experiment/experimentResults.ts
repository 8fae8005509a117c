import { z } from "zod";
import { sources } from "../../patients/cohort/case.ts";
import { taskList } from "../../patients/cohort/tasks.ts";

const task = z.string();
const interval = z.tuple([z.number(), z.number()]).describe("95 % confidence interval");
const counts = { n: z.int(), positives: z.int() };

const auc = z.object({
  ...counts,
  value: z.number(),
  ci: interval,
  accuracy: z
    .number()
    .optional()
    .describe(
      "share of right answers where a calibrated probability of one half or more is positive; absent in results from before it was reported",
    ),
});
const spread = z.object({
  mean: z.number(),
  sd: z.number().nullable().describe("null for fewer than two"),
  min: z.number(),
  max: z.number(),
});
const tested = z.object({
  difference: z.number().describe("AUC of a minus AUC of b"),
  ci: interval,
  z: z.number().nullable().describe("null where the difference has no variance"),
  p: z.number().nullable(),
});
const pair = { task, a: z.string(), b: z.string() };

const item = { models: z.int().describe("that it trained") };

const crossValidated = z.object({
  ...item,
  folds: z.int(),
  repeats: z.int(),
  auc: z.array(
    auc.extend({
      task,
      model: z.string(),
      repeat: z.int().describe("from 1"),
      folds: z.array(z.number().nullable()).describe("of each fold; null where it lacks a class"),
    }),
  ),
  summary: z.array(spread.extend({ task, model: z.string() })).describe("over the repeats"),
  differences: z.array(tested.extend({ ...pair, repeat: z.int() })).describe("against the first model"),
  unfinished: z.array(z.string()).describe("models left out of all this: not all of theirs are trained"),
  choices: z
    .array(z.object({ repeat: z.int(), fold: z.int(), model: z.string(), chosen: z.string() }))
    .describe("by inner cross-validation"),
});
export type CrossValidated = z.output<typeof crossValidated>;

const leftOut = z.object({
  ...item,
  auc: z.array(auc.extend({ task, model: z.string(), center: z.string() })),
  differences: z.array(tested.extend({ ...pair, center: z.string() })),
});
export type LeftOut = z.output<typeof leftOut>;

const seeds = z.object({
  ...item,
  seeds: z.array(z.int()),
  auc: z.array(
    auc.extend({ task, model: z.string(), seed: z.int().nullable().describe("null: of no seed") }),
  ),
  summary: z.array(
    spread.extend({
      task,
      model: z.string(),
      meanLogit: auc.describe("AUC of the mean logit over the seeds (DeLong)"),
    }),
  ),
  differences: z.array(tested.extend({ ...pair, seed: z.int() })).describe("paired, DeLong"),
  averaged: z.array(
    z.object({
      ...pair,
      ofSeeds: spread.describe("of the differences, seed by seed"),
      meanDifference: tested.describe(
        "mean of the seeds' differences; interval over cases, these seeds fixed",
      ),
      meanLogit: tested.describe("of the mean logits (paired DeLong)"),
    }),
  ),
});
export type Seeds = z.output<typeof seeds>;

const overSeeds = {
  ci: interval.describe("95 %, over seeds and cases together"),
  df: z.number().nullable().describe("of Student's t; null: infinite"),
  bySeed: z.array(z.number()).describe("of each seed, in their order"),
};

const curve = z.object({
  ...item,
  seeds: z.array(z.int()),
  subsets: z
    .array(
      z.object({
        at: z.number().describe("as the plan asks: cases, or the share that keeps its label"),
        seed: z.int(),
        task,
        ...counts,
        validation: z.int().describe("cases that validate, the same for all points of the seed"),
      }),
    )
    .describe("labelled cases that each point is trained on"),
  auc: z
    .array(
      z.object({
        task,
        model: z.string(),
        at: z.number(),
        ...counts,
        value: z.number().describe("mean over the seeds"),
        ...overSeeds,
      }),
    )
    .describe("on the external cases"),
  differences: z.array(
    z.object({
      ...pair,
      at: z.number(),
      difference: z.number().describe("AUC of a minus AUC of b, mean over the seeds"),
      p: z.number().nullable().describe("null where the difference has no variance"),
      ...overSeeds,
    }),
  ),
});
export type Curve = z.output<typeof curve>;

const labeledCurve = curve.extend({ withheld: task.describe("whose labels were withheld") });
export type LabeledCurve = z.output<typeof labeledCurve>;

const subgroupRow = z.object({
  task,
  model: z.string(),
  subgroup: z.string(),
  level: z.string(),
  ...counts,
  auc: z.object({ value: z.number(), ci: interval.nullable() }).nullable(),
  note: z.string().describe("why there is no figure or no interval; else empty"),
});
export type SubgroupRow = z.output<typeof subgroupRow>;

const robustnessRow = z.object({
  perturbation: z.string(),
  task,
  ...counts,
  plain: z.number().describe("AUC of the crops as they are"),
  value: z.number(),
  difference: z.number().describe("perturbed minus plain"),
  ci: interval.describe("95 %, percentile, paired bootstrap by case"),
  p: z.number(),
});
export type RobustnessRow = z.output<typeof robustnessRow>;

const failureRow = z.object({
  task,
  rank: z.int().describe("1: the largest loss of the task"),
  case: z.string(),
  center: z.string(),
  label: z.union([z.literal(0), z.literal(1)]),
  probability: z.number().describe("of the positive class, from the mean logit over the seeds"),
  loss: z.number().describe("cross-entropy, nats"),
  seeds: z.array(z.number()).describe("each seed's probability"),
  histology: z.string().nullable(),
  stage: z.string().nullable(),
  complexity: z.string().nullable(),
  sizeMm: z.number().nullable(),
  picture: z.string().describe("PNG, path relative to experiment.json"),
});
export type FailureRow = z.output<typeof failureRow>;

const leakage = z.object({
  cases: z.int(),
  models: z.int().describe("whose lists of cases were compared"),
  checked: z.array(z.string()).describe("what was looked for and not found"),
});

/** `experiment.json`: all that `trinephron experiment` found so far. */
export const experimentResults = z.object({
  format: z.literal("trinephron-experiment/1"),
  software: z.string(),
  created: z.string().describe("ISO 8601"),
  title: z.string(),
  development: z.string().describe("name of the centre developed in"),
  external: z.array(z.string()),
  sources: z.array(z.enum(sources)).describe("of the images"),
  tasks: taskList.optional().describe("what was asked; absent: histology, stage and complexity"),
  plan: z.record(z.string(), z.unknown()).describe("as run, defaults filled in"),
  left: z
    .array(z.object({ item: z.string(), what: z.string() }))
    .describe("items of the plan that are not finished, so null below; none: all is there"),
  notes: z.array(z.string()),
  leakage,
  crossValidation: crossValidated.nullable(),
  ablations: crossValidated.nullable(),
  leaveOneCenterOut: leftOut.nullable(),
  seeds: seeds.nullable(),
  sizes: curve.nullable().default(null),
  labeled: labeledCurve.nullable().default(null),
  subgroups: z.array(subgroupRow).nullable(),
  robustness: z.array(robustnessRow).nullable(),
  failures: z.array(failureRow).nullable(),
});
export type ExperimentResults = z.output<typeof experimentResults>;
