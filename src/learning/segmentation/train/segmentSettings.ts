import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { parseSettings } from "../../../base/parseSettings.ts";
import { coarsestStep } from "../../model/segmentation.ts";
import { trainSettings } from "../../trained/settings.ts";

const { backbone, seed, optimizer, device, threads } = trainSettings.shape;
const positive = z.number().positive();
const fraction = z.number().min(0).max(1);
const whole = z.int().min(1);
const axes = z.enum(["D", "H", "W"]);
const { stem } = backbone.unwrap().shape;

/** Everything that decides a segmentation model's bits besides the data. Axes: D runs to the head, H to the back, W to the left. */
export const segmentSettings = z.strictObject({
  seed,
  validationFraction: fraction.gt(0).lt(1).default(0.15).describe("of patients"),
  images: z
    .union([z.enum(["auto", "any", "all"]), z.array(z.string().min(1)).min(1)])
    .default("auto")
    .describe(
      "channels: all of a case; those named; or any: one channel, each time another image of the case; auto: any of a cohort, all of a dataset.json",
    ),
  spacing: z
    .union([z.literal("median"), z.tuple([positive, positive, positive])])
    .default("median")
    .describe("mm between voxels along D, H, W; median: of the training cases"),
  patch: z
    .tuple([whole, whole, whole])
    .default([64, 64, 64])
    .describe("voxels along D, H, W, each a multiple of stem stride × 2^(stages − 1)"),
  normalization: z
    .union([z.enum(["auto", "foreground", "image"]), z.tuple([z.number(), z.number()])])
    .default("auto")
    .describe(
      "foreground: cut at the 0.5th and 99.5th percentile within the training cases' labels, less the mean, by the deviation there; image: each image less its own mean, by its own deviation; two values: a window brought to −1…1; auto: foreground where images are HU, else image; −150 to 350 HU for drawn scans",
    ),
  backbone: backbone
    .unwrap()
    .extend({
      width: whole.default(16),
      stem: stem
        .unwrap()
        .extend({ stride: stem.unwrap().shape.stride.unwrap().default(1) })
        .prefault({}),
    })
    .prefault({}),
  deepSupervision: z.boolean().default(true),
  init: z
    .string()
    .min(1)
    .default("none")
    .describe(
      "weights to start from, where their shapes fit: none; of an encoder: base or a folder of pretrain; of all: a folder of segment train",
    ),
  optimizer: optimizer.prefault({ kind: "adamw", weightDecay: 0.01 }),
  learningRate: positive.default(0.01).describe("largest; falls to zero along a cosine"),
  warmupSteps: z.int().min(0).default(50),
  averaging: fraction.default(0.99).describe("decay a step of the running mean of the weights that is kept"),
  batch: whole.default(2).describe("patches a step"),
  stepsPerEpoch: whole.default(100).describe("after each epoch it is validated and kept"),
  epochs: whole.default(50),
  foreground: fraction.default(0.33).describe("of patches around a voxel of a label, the others anywhere"),
  augmentation: z
    .strictObject({
      flip: z.array(axes).default(["W"]).describe("axes mirrored along, each with probability ½"),
      moved: fraction.default(0.5).describe("of patches that are turned and scaled"),
      rotationDegrees: z.number().min(0).default(20).describe("± about each axis"),
      scale: fraction.lt(1).default(0.2).describe("± fraction"),
      toned: fraction.default(0.3).describe("of patches, for each of noise, contrast, brightness and gamma"),
      noise: z.number().min(0).default(0.1).describe("largest deviation of added noise, in deviations"),
      contrast: fraction.lt(1).default(0.25).describe("± fraction about the patch's mean"),
      brightness: z.number().min(0).default(0.2).describe("± deviations"),
      gamma: fraction.lt(1).default(0.3).describe("exponent between 1 − this and 1 + this, of the range"),
    })
    .prefault({}),
  overlap: fraction.lt(1).default(0.5).describe("of neighbouring patches, where a whole image is segmented"),
  drawn: z
    .strictObject({
      extent: z
        .union([z.literal("scan"), z.tuple([positive, positive, positive])])
        .default([128, 128, 128])
        .describe("mm along D, H, W of the part of a patient that is drawn; scan: all that the scan covers"),
      jitter: z.number().min(0).default(24).describe("± mm of its middle about a kidney, tumour or cyst"),
      empty: fraction.default(0.2).describe("share of the parts that lie away from kidneys"),
      wide: fraction.default(0.2).describe("share of patients with HU of wide ranges for each tissue"),
      finer: z
        .int()
        .min(1)
        .max(4)
        .default(1)
        .describe("drawn on voxels so many times smaller along each axis, which are then averaged"),
      phantoms: fraction
        .default(0)
        .describe("share of the cases that are no abdomens but phantoms of one kidney with its tumour"),
      solid: fraction
        .default(0)
        .describe("share of kidneys whose sinus is narrower than usual, down to none"),
      lesions: z
        .enum(["apart", "kidney"])
        .default("apart")
        .describe("apart: tumour and cyst are labels of their own; kidney: they are part of the kidney"),
    })
    .prefault({})
    .describe("of drawn scans alone"),
  threads,
  device,
});
/** Settings of a segmentation's training; docs/segmentation.md lists every one. */
export type SegmentSettings = z.output<typeof segmentSettings>;
/** The same as a user writes them: all have defaults. */
export type SegmentSettingsInput = z.input<typeof segmentSettings>;

/**
 * Settings with their defaults.
 * @param where they come from, in errors
 * @throws E_USAGE naming the first that does not fit
 */
export function parseSegmentSettings(input: unknown, where = "settings"): SegmentSettings {
  const page = "docs/segmentation.md";
  const settings = parseSettings(segmentSettings, input, where, page);
  const refused = (what: string) => new TrinephronError("E_USAGE", `${where}: ${what}`, `see ${page}`);
  const { patch, backbone: network, normalization } = settings;
  const step = coarsestStep(network);
  if (patch.some((side) => side % step !== 0)) throw refused(`patch: [${patch}]: not multiples of ${step}`);
  if (network.stages < 2) throw refused("backbone: stages: a decoder needs at least 2");
  if (typeof normalization !== "string" && normalization[0] >= normalization[1])
    throw refused("normalization: the lower end first");
  return settings;
}
