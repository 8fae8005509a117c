import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { withCohort } from "../../learning/trained/cohortSettings.ts";
import { type TrainSettings, trainSettings } from "../../learning/trained/settings.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { studyNames } from "../../patients/cohort/tasks.ts";

const whole = z.int().min(1);
const distinct = (list: readonly (string | number)[]): boolean => new Set(list).size === list.length;

/** Settings of training (docs/training.md) that differ from their defaults; nested as there. */
const patch = z
  .record(z.string(), z.unknown())
  .refine(
    (p) => !("tasks" in p || "center" in p || "seed" in p),
    "tasks, center and seed are the plan's own",
  );
export type Patch = Readonly<Record<string, unknown>>;

const models = z
  .array(z.enum(["mtdl", "stdl", "size"]))
  .min(1)
  .refine(distinct, "one stands twice");

const named = z.strictObject({ name: z.string().min(1), settings: patch.default({}) });
const uniqueNames = (list: readonly { readonly name: string }[]) => distinct(list.map(({ name }) => name));

const folds = { folds: z.int().min(2).default(5), repeats: whole.default(1) };

/** What is done to the external crops. Voxels are the crop's: `fieldOfViewMm / voxels` mm, 3.3 by default. */
const perturbation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("noise"), sigmaHu: z.number().positive() }),
  z.strictObject({ kind: z.literal("smooth"), fwhmMm: z.number().positive() }),
  z.strictObject({
    kind: z.literal("sharpen"),
    fwhmMm: z.number().positive(),
    amount: z.number().positive().default(1),
  }),
  z.strictObject({ kind: z.literal("dilate"), voxels: whole }),
  z.strictObject({ kind: z.literal("erode"), voxels: whole }),
  z.strictObject({ kind: z.literal("shift"), voxels: z.tuple([z.int(), z.int(), z.int()]) }),
  z.strictObject({
    kind: z.literal("swap"),
    phases: z.tuple([z.string(), z.string()]).refine(distinct, "one phase stands twice"),
  }),
  z.strictObject({ kind: z.literal("drop"), phase: z.string() }),
]);
export type Perturbation = z.output<typeof perturbation>;

const usualPerturbations: Perturbation[] = [
  { kind: "noise", sigmaHu: 10 },
  { kind: "noise", sigmaHu: 30 },
  { kind: "smooth", fwhmMm: 5 },
  { kind: "sharpen", fwhmMm: 5, amount: 1 },
  { kind: "dilate", voxels: 1 },
  { kind: "erode", voxels: 1 },
  { kind: "shift", voxels: [1, 0, 0] },
  { kind: "shift", voxels: [0, 0, 1] },
  { kind: "swap", phases: ["corticomedullary", "nephrographic"] },
  { kind: "drop", phase: "corticomedullary" },
  { kind: "drop", phase: "nephrographic" },
  { kind: "drop", phase: "excretory" },
];

/** What `trinephron experiment` is to do. An item that is not named is not done. */
export const plan = z
  .strictObject({
    format: z.literal("trinephron-plan/1"),
    title: z.string().default("Validation design"),
    development: z.string().min(1).default("A").describe("the centre developed in; all others are external"),
    seed: z
      .int()
      .min(0)
      .default(1)
      .describe("of folds, perturbations and bootstrap, and of every model but those of `seeds`"),
    settings: patch.default({}).describe("of every model, where they differ from the defaults"),
    crossValidation: z
      .strictObject({
        ...folds,
        models: models.default(["mtdl", "stdl", "size"]),
        grid: z
          .array(named)
          .refine(uniqueNames, "one name stands twice")
          .default([])
          .describe("settings to choose among by inner cross-validation; none: nothing is chosen"),
        innerFolds: z.int().min(2).default(3),
      })
      .optional(),
    ablations: z
      .strictObject({
        ...folds,
        variants: z
          .array(
            named.extend({
              apart: z.boolean().default(false).describe("a model a task (STDL) in place of one for all"),
            }),
          )
          .min(2)
          .refine(uniqueNames, "one name stands twice")
          .describe("the first is what the others are compared with"),
      })
      .optional(),
    leaveOneCenterOut: z.strictObject({ models: models.default(["mtdl", "size"]) }).optional(),
    seeds: z
      .strictObject({
        seeds: z.array(z.int().min(0)).min(1).refine(distinct, "one stands twice"),
        models: models.default(["mtdl", "stdl", "size"]),
      })
      .optional(),
    subgroups: z.strictObject({ minimum: z.int().min(2).default(5) }).optional(),
    robustness: z
      .strictObject({
        perturbations: z.array(perturbation).min(1).default(usualPerturbations),
        replicates: whole.default(2000).describe("of the bootstrap"),
      })
      .optional(),
    failures: z.strictObject({ perTask: whole.default(3) }).optional(),
  })
  .refine((p) => p.seeds?.models.includes("mtdl") || !(p.subgroups || p.robustness || p.failures), {
    path: ["seeds"],
    message: "subgroups, robustness and failures are of the multi-task models of `seeds`",
  });
export type Plan = z.output<typeof plan>;

/** Where no plan is given. */
export const usualPlan = (): Plan =>
  plan.parse({
    format: "trinephron-plan/1",
    crossValidation: {},
    seeds: { seeds: [1, 2, 3] },
    subgroups: {},
    robustness: {},
    failures: {},
  });

/**
 * `plan.json`, and the settings it leads to.
 * @param path named in errors
 * @throws E_FORMAT for what is no plan; E_VALUE naming the variant whose settings do not fit
 */
export function parsePlan(text: string, path: string): Plan {
  const parsed = parseJson(plan, text, path);
  const patches = [
    { name: "settings", settings: {} },
    ...(parsed.crossValidation?.grid ?? []),
    ...(parsed.ablations?.variants ?? []),
  ];
  for (const { name, settings } of patches)
    try {
      settingsOf(parsed, settings, studyNames, parsed.seed);
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      throw new TrinephronError(error.code, `${path}: ${name}: ${error.message}`, error.hint, {
        cause: error,
      });
    }
  return parsed;
}

/** Settings of one model: the plan's, and a variant's over them. @throws E_VALUE */
export function settingsOf(
  { development, settings }: Pick<Plan, "development" | "settings">,
  variant: Patch,
  asked: readonly Task[],
  seed: number,
): TrainSettings {
  const parsed = trainSettings.safeParse({
    ...merged(settings, variant),
    tasks: asked,
    center: development,
    seed,
  });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new TrinephronError("E_VALUE", [...path, message].join(": "), "see docs/training.md");
}

/** The one over the other; nested objects likewise, lists as a whole. */
function merged(under: Patch, over: Patch): Record<string, unknown> {
  const all: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over))
    all[name] = isObject(value) && isObject(all[name]) ? merged(all[name], value) : value;
  return all;
}

const isObject = (value: unknown): value is Patch =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The plan with what the cohort's images decide where it says nothing ({@link withCohort}). */
export const planFor = (plan: Plan, cohort: Parameters<typeof withCohort>[1]): Plan => ({
  ...plan,
  settings: withCohort(plan.settings, cohort),
});
