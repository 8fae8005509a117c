import { z } from "zod";
import { merged } from "../../../base/merged.ts";
import { parseSettings } from "../../../base/parseSettings.ts";
import { parseSegmentSettings, type SegmentSettings } from "../train/segmentSettings.ts";
import { twoStageSettings } from "./twoStageConfig.ts";

const stage = z.looseObject({ scans: z.int().min(2).describe("drawn, of which some validate") });
const training = z.strictObject({
  coarse: stage.describe("and any setting of a segmentation"),
  fine: stage.describe("likewise"),
  join: twoStageSettings,
});

/** One of two networks: what it learns from, and how. */
interface StageTraining {
  readonly scans: number;
  readonly settings: SegmentSettings;
}

/** How a two-stage model is trained on drawn scans. */
export interface TwoStageTraining {
  readonly coarse: StageTraining;
  readonly fine: StageTraining;
  readonly join: z.output<typeof twoStageSettings>;
}

/**
 * What suits kidneys on two cores (docs/experiments/outlines.md): a body at 4 mm in some twelve patches, a kidney with its
 * tumour at 2 mm in eight, by networks that are alike, so that the second goes on from the first. Few scans validate, for
 * each is segmented whole after every epoch. Phantoms among the scans have tumours and surroundings of another make, and
 * solid kidneys show that not all that is thick is tumour.
 */
const kidneyTraining = {
  coarse: {
    scans: 280,
    spacing: [4, 4, 4],
    backbone: { width: 8 },
    overlap: 0.25,
    validationFraction: 0.05,
    stepsPerEpoch: 250,
    epochs: 10,
    drawn: { extent: "scan", finer: 2, lesions: "kidney" },
  },
  fine: {
    scans: 1200,
    spacing: [2, 2, 2],
    patch: [48, 48, 48],
    backbone: { width: 8 },
    foreground: 0.5,
    validationFraction: 0.01,
    stepsPerEpoch: 400,
    epochs: 24,
    drawn: { phantoms: 0.4, solid: 0.6 },
  },
  join: {},
} as const;

/**
 * Settings over those of {@link kidneyTraining}.
 * @param over for both networks, over all else: seed, threads, device
 * @throws E_USAGE naming the first that does not fit
 */
export function parseTwoStageTraining(
  given: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>> = {},
  where = "settings",
): TwoStageTraining {
  const parsed = parseSettings(training, merged(kidneyTraining, given), where, "docs/segmentation.md");
  const stageOf = (name: "coarse" | "fine"): StageTraining => {
    const { scans, ...settings } = parsed[name];
    return { scans, settings: parseSegmentSettings({ ...settings, ...over }, `${where}: ${name}`) };
  };
  return { coarse: stageOf("coarse"), fine: stageOf("fine"), join: parsed.join };
}
