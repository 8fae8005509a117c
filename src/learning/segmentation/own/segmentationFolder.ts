import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole, writeWhole } from "../../../base/files.ts";
import { readMetadata } from "../../../numerics/graph/index.ts";
import { segmentationCard } from "./segmentationCard.ts";
import { type SegmentationConfig, segmentationConfig } from "./segmentationConfig.ts";

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
