import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { merged } from "../../base/merged.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { baseDefaults } from "../../learning/trained/baseModel.ts";
import { withCohort } from "../../learning/trained/cohortSettings.ts";
import { type TrainSettings, trainSettings } from "../../learning/trained/settings.ts";
import { type Task, taskName } from "../../patients/cohort/taskDefinition.ts";
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

/** What the points of a learning curve have in common. */
const curve = {
  seeds: z
    .array(z.int().min(0))
    .min(2)
    .refine(distinct, "one stands twice")
    .describe("of the draw of the cases, the validation part and the models; the interval is over them"),
  models: models.default(["mtdl", "stdl", "size"]).describe("the others are compared with the first"),
  steps: z
    .enum(["same", "fewer"])
    .default("same")
    .describe(
      "same: with fewer cases as many more epochs (warm-up and patience likewise), so that every model is trained for " +
        "as many steps as one of all cases; fewer: the epochs of the settings",
    ),
};

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
      .describe(
        "of folds, perturbations and bootstrap, and of every model of an item without seeds of its own",
      ),
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
    sizes: z
      .strictObject({
        cases: z.array(whole).min(1).refine(distinct, "one stands twice").describe("trained on; nested"),
        ...curve,
      })
      .optional(),
    labeled: z
      .strictObject({
        task: taskName.describe("whose labels are withheld; the other tasks' stay"),
        shares: z
          .array(z.number().gt(0).max(1))
          .min(1)
          .refine(distinct, "one stands twice")
          .describe("of the patients trained on who have the label, that keep it; nested"),
        ...curve,
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
      settingsOf(parsed, fromBase(parsed, settings), studyNames, parsed.seed);
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      throw new TrinephronError(error.code, `${path}: ${name}: ${error.message}`, error.hint, {
        cause: error,
      });
    }
  return parsed;
}

/** A base model's own settings, which are not read here, have features learnt. */
function fromBase({ settings }: Plan, variant: Patch): Patch {
  const { init = "none", features = "learnt" } = merged(settings, variant);
  return init === "none" ? variant : { ...variant, features };
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

/**
 * The plan with the crop and network of the base models that its settings and variants start from.
 * @throws E_FILE_MISSING, E_MODEL where there is no such base model
 */
export async function planWithBase(plan: Plan): Promise<Plan> {
  const complete = async <T extends { readonly settings: Patch }>(of: T): Promise<T> => ({
    ...of,
    settings: merged(await baseDefaults(of.settings.init), of.settings),
  });
  const { crossValidation, ablations } = plan;
  return {
    ...(await complete(plan)),
    ...(crossValidation && {
      crossValidation: { ...crossValidation, grid: await Promise.all(crossValidation.grid.map(complete)) },
    }),
    ...(ablations && {
      ablations: { ...ablations, variants: await Promise.all(ablations.variants.map(complete)) },
    }),
  };
}

/** The plan with what the cohort's images decide where it says nothing ({@link withCohort}). */
export const planFor = (plan: Plan, cohort: Parameters<typeof withCohort>[1]): Plan => ({
  ...plan,
  settings: withCohort(plan.settings, cohort),
});
