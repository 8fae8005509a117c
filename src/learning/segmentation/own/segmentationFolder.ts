import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole, writeWhole } from "../../../base/files.ts";
import { readMetadata } from "../../../numerics/graph/index.ts";
import { normalization } from "../train/normalization.ts";
import { segmentSettings } from "../train/segmentSettings.ts";
import { segmentationCard } from "./segmentationCard.ts";

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

/** Files of a segmentation model's folder, and those that stand in it while it is trained. */
export const segmentationFiles = {
  model: "segmentation.onnx",
  config: "config.json",
  card: "MODEL_CARD.md",
  log: "training-log.csv",
  folds: "folds.json",
  checkpoint: "checkpoint.bin",
} as const;

const key = "trinephron-segmentation";

/** The metadata that makes `segmentation.onnx` enough by itself. */
export const segmentationMetadata = (config: SegmentationConfig): Record<string, string> => ({
  [key]: JSON.stringify(config),
});

/** Writes config and card, then the model: its presence says that the folder is whole. */
export async function writeSegmentationFolder(
  folder: string,
  config: SegmentationConfig,
  onnx: Uint8Array,
): Promise<void> {
  await writeWhole(join(folder, segmentationFiles.config), `${JSON.stringify(config, null, 2)}\n`);
  await writeWhole(join(folder, segmentationFiles.card), segmentationCard(config));
  await writeWhole(join(folder, segmentationFiles.model), onnx);
}

/**
 * Reads a segmentation model: its `segmentation.onnx` alone, which holds all that is needed.
 * @throws E_FILE_MISSING, E_MODEL where the file is not one of ours or is damaged
 */
export async function readSegmentationFolder(
  folder: string,
): Promise<{ readonly config: SegmentationConfig; readonly onnx: Uint8Array }> {
  const path = join(folder, segmentationFiles.model);
  const onnx = await readWhole(path);
  const broken = (why: string) => new TrinephronError("E_MODEL", `${path}: ${why}`, "train it again");
  let found: unknown;
  try {
    found = JSON.parse(readMetadata(onnx)[key] ?? "null");
  } catch {
    throw broken("damaged or not an ONNX file");
  }
  if (found === null) throw broken("not a trinephron segmentation model");
  const parsed = segmentationConfig.safeParse(found);
  if (!parsed.success) throw broken(`metadata not understood (${parsed.error.issues[0].path.join(".")})`);
  return { config: parsed.data, onnx };
}
