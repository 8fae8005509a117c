import { z } from "zod";
import { parseSettings } from "../../base/parseSettings.ts";
import { devices } from "../../numerics/graph/index.ts";
import { phases } from "../../patients/cohort/case.ts";
import { usualSplit } from "../../patients/cohort/split.ts";
import { taskName } from "../../patients/cohort/taskDefinition.ts";

const positive = z.number().positive();
const whole = z.int().min(1);
const count = z.int().min(0);
const hu = z.number().min(-32768).max(32767);
const fraction = z.number().min(0).max(1);

const distinct = (list: readonly string[]): boolean => new Set(list).size === list.length;

/** Voxels of the crop an edge of the coarsest stage covers: the crop must be a whole number of them. */
const coarsest = ({ stem, stages }: { stem: { stride: number }; stages: number }): number =>
  stem.stride * 2 ** (stages - 1);

/** Everything that decides a model's bits besides the data: written to `config.json` beside it. */
export const trainSettings = z
  .strictObject({
    tasks: z
      .array(taskName)
      .min(1)
      .refine(distinct, "one stands twice")
      .describe("one: a single-task model; several: multi-task"),
    /** The centre trained on; no other centre's cases are read. */
    center: z.string().min(1),
    seed: z.int().min(0).default(usualSplit.seed),
    validationFraction: z.number().gt(0).lt(1).default(usualSplit.validationFraction),
    crop: z
      .strictObject({
        center: z
          .enum(["kidney", "tumor", "image"])
          .default("kidney")
          .describe("what the cube is centred on; `image` needs no mask"),
        fieldOfViewMm: positive.default(160).describe("edge of the cube"),
        contextMm: positive
          .optional()
          .describe("edge of a second, wider cube of as many voxels around the same centre; absent: none"),
        voxels: whole.default(48),
        window: z
          .tuple([hu, hu])
          .refine(([low, high]) => low < high, "the lower end first")
          .default([-150, 350])
          .describe("HU mapped to −1…1"),
        phases: z
          .array(z.string().min(1))
          .min(1)
          .refine(distinct, "one stands twice")
          .default([...phases]),
        maskChannels: z.boolean().default(true),
      })
      .prefault({}),
    features: z
      .enum(["learnt", "measured", "both"])
      .default("both")
      .describe("what answers: what is learnt from the image, what is measured on image and masks, or both"),
    backbone: z
      .strictObject({
        depth: z.union([z.literal(10), z.literal(18), z.literal(34)]).default(10),
        width: whole.default(8),
        stages: whole.max(4).default(4),
        stem: z
          .strictObject({
            kernel: z.union([z.literal(3), z.literal(7)]).default(3),
            stride: z.union([z.literal(1), z.literal(2)]).default(2),
          })
          .prefault({}),
      })
      .prefault({}),
    init: z
      .string()
      .min(1)
      .default("none")
      .describe(
        "weights to start from: none, base (the model that comes with trinephron) or a folder of pretrain",
      ),
    frozenStages: count
      .max(4)
      .default(0)
      .describe(
        "first stages of the backbone that stay as they start; all: their features are computed once",
      ),
    embedding: whole.default(64).describe("units that the deep features are brought down to"),
    ple: z
      .strictObject({
        levels: count.default(2).describe("0: shared bottom"),
        expertsPerTask: count.default(2).describe("0: multi-gate mixture of experts"),
        sharedExperts: whole.default(2),
        units: whole.default(32),
      })
      .prefault({}),
    tower: whole.default(16),
    dropout: fraction.lt(1).default(0.2),
    weighting: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("fixed"), weights: z.array(positive) }),
        z.strictObject({ kind: z.literal("uncertainty") }),
      ])
      .default({ kind: "fixed", weights: [] })
      .describe("fixed with no weights: 1 a task"),
    classWeights: z.boolean().default(false).describe("the two classes of a task weigh the same in its loss"),
    balanced: z.boolean().default(false).describe("rare label combinations drawn more often"),
    optimizer: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("adamw"),
          weightDecay: z
            .number()
            .min(0)
            .default(3)
            .describe("times the learning rate a step; a few hundred cases need this much"),
          clipNorm: positive.default(5),
        }),
        z.strictObject({
          kind: z.literal("sgd"),
          momentum: fraction.default(0.9),
          weightDecay: z.number().min(0).default(1e-4),
          clipNorm: positive.default(5),
        }),
      ])
      .prefault({ kind: "adamw" }),
    learningRate: positive.default(8e-3).describe("largest, after the warm-up; falls to zero along a cosine"),
    warmupEpochs: z.number().min(0).default(2),
    averaging: fraction
      .default(0.98)
      .describe("decay a step of the running mean of the weights that is evaluated"),
    batch: whole.default(16),
    epochs: whole.default(30),
    patience: whole.default(15).describe("epochs without a better validation score before stopping"),
    augmentation: z
      .strictObject({
        flip: z.boolean().default(true),
        rotationDegrees: z.number().min(0).default(15),
        scale: fraction.default(0.03),
        shiftMm: z.number().min(0).default(6),
        noiseHu: z.number().min(0).default(8),
        intensity: fraction.default(0.05),
        phaseDropout: fraction.default(0.05),
      })
      .prefault({}),
    threads: whole
      .default(2)
      .describe("of ONNX Runtime; part of the settings since it can change the last bits"),
    device: z.enum(devices).default("cpu").describe("that steps ran on; likewise"),
  })
  .refine(({ crop, backbone }) => crop.voxels % coarsest(backbone) === 0, {
    path: ["crop", "voxels"],
    message: "not a multiple of stem stride × 2^(stages − 1)",
  })
  .refine(({ crop }) => (crop.contextMm ?? Infinity) > crop.fieldOfViewMm, {
    path: ["crop", "contextMm"],
    message: "not wider than fieldOfViewMm",
  })
  .refine(({ crop }) => crop.center !== "image" || !crop.maskChannels, {
    path: ["crop", "maskChannels"],
    message: "not with crop.center image: masks need not lie within the cube",
  })
  .refine(
    ({ features, crop, init }) =>
      features === "learnt" || crop.maskChannels || (features === "both" && init !== "none"),
    {
      path: ["features"],
      message: "what is measured needs crop.maskChannels, or both and the outlines of a base model (init)",
    },
  )
  .refine(({ frozenStages, init, backbone }) => frozenStages <= (init === "none" ? 0 : backbone.stages), {
    path: ["frozenStages"],
    message: "no more than the stages that init gives",
  });

/** Everything that decides a model's bits besides the data; docs/training.md lists every setting. */
export type TrainSettings = z.output<typeof trainSettings>;
/** Settings as a user writes them: all but the tasks and the centre have defaults. */
export type TrainSettingsInput = z.input<typeof trainSettings>;

/**
 * Settings with their defaults.
 * @param where they come from, in errors: `settings of fast.json`
 * @throws E_USAGE naming the first that does not fit
 */
export const parseTrainSettings = (input: unknown, where = "settings"): TrainSettings =>
  parseSettings(trainSettings, input, where, "docs/training.md");
