import { z } from "zod";
import { normalization } from "../train/normalization.ts";
import { segmentSettings } from "../train/segmentSettings.ts";

const sides = z.tuple([z.number(), z.number(), z.number()]);
const byLabel = z.record(z.string(), z.number().min(0).max(1).nullable());

/** `config.json` of a segmentation model, which stands in the metadata of its `segmentation.onnx` too. */
export const segmentationConfig = z.object({
  format: z.literal("trinephron-segmentation/1"),
  software: z.string(),
  labels: z
    .array(z.object({ name: z.string(), value: z.int().min(1) }))
    .describe("classes 1, 2, … of the logits and their values in a mask; class 0 is the background"),
  channels: z.array(z.string()).describe("input channels; `any`: any one image of a case"),
  hounsfield: z.boolean().describe("images are CT numbers"),
  spacing: sides.describe(
    "mm between the voxels it reads, along D (to the head), H (to the back), W (to the left)",
  ),
  patch: sides.describe("voxels of its input along D, H, W"),
  overlap: z.number().describe("share of a patch that the next one covers, where a whole image is segmented"),
  normalization: z.array(normalization).describe("of each channel"),
  settings: segmentSettings,
  parameters: z.int(),
  dataHash: z.string().describe("SHA-256 of the cases' images and labels and of who was in which part"),
  cases: z.object({ train: z.int(), validation: z.int() }),
  source: z
    .literal("drawn")
    .optional()
    .describe("the images learnt from are simulated; absent: images from files"),
  startedFrom: z
    .string()
    .optional()
    .describe("SHA-256 of the model whose weights the training started from; absent: random weights"),
  bestEpoch: z.int(),
  dice: byLabel.describe(
    "mean over the validation cases that have the label or were given it; chosen on them",
  ),
  fold: z
    .object({
      fold: z.int().min(0),
      folds: z.int().min(2),
      cases: z.int().describe("held out: nothing was learnt, chosen or measured before on them"),
      dice: byLabel,
    })
    .optional()
    .describe("of cross-validation"),
});
/** What a segmentation model's file says of itself. */
export type SegmentationConfig = z.output<typeof segmentationConfig>;
