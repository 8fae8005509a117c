import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole, writeWhole } from "../../base/files.ts";
import { readMetadata } from "../../numerics/graph/index.ts";
import { isStudyPhase, maskKinds, masksOf, sources } from "../../patients/cohort/case.ts";
import { type TaskDefinition, taskName as task } from "../../patients/cohort/taskDefinition.ts";
import { studyTasks, taskList, taskNamed } from "../../patients/cohort/tasks.ts";
import { type FamiliarityRecord, familiarityRecord } from "./familiarity.ts";
import { trainSettings } from "./settings.ts";

/** What became of a trained model in another form, measured against it on its own validation cases. */
const variant = z.object({
  name: z.string(),
  /** SHA-256 of the `model.onnx` it was made from. */
  of: z.string(),
  /** AUC less the original's. */
  aucDifference: z.partialRecord(task, z.number()),
  /** Of any case and task. */
  largestProbabilityDifference: z.number(),
  validationCases: z.int(),
  fileBytes: z.int(),
  /** Less than 1: quicker than the original. */
  timeRatio: z.number(),
  inferenceMsPerCase: z.number(),
  peakMemoryBytes: z.int(),
  /** How time and memory were measured. */
  counted: z.string(),
  /** No AUC moved by more than 0.005. */
  usable: z.boolean(),
});
export type VariantRecord = z.infer<typeof variant>;

/** What a model's file says of itself: the `trinephron` entry of its ONNX metadata, and `config.json` beside it. */
export const modelConfig = z.object({
  format: z.literal("trinephron-model/2"),
  software: z.string(),
  kind: z.enum(["mtdl", "stdl"]),
  tasks: z.array(task),
  /** What its tasks ask, where not all of them are the study's; absent: the study's. */
  definitions: taskList.optional(),
  phases: z.array(z.string()),
  masks: z
    .enum(maskKinds)
    .optional()
    .describe("what the masks of its cohort outline; absent: kidney and tumour"),
  intensities: z
    .tuple([z.number(), z.number()])
    .readonly()
    .optional()
    .describe("least and greatest of its cohort's images; absent: they are HU"),
  settings: trainSettings,
  parameters: z.int(),
  /** A case is called positive where its probability is at least this. */
  thresholds: z.partialRecord(task, z.number()),
  thresholdChosen: z.string(),
  /** What the probabilities were calibrated on. */
  calibration: z.partialRecord(task, z.object({ slope: z.number(), intercept: z.number() })),
  /** SHA-256 of the training cases' names, labels and crops. */
  dataHash: z.string(),
  /** Where the development cases came from; absent in models from before it was noted. */
  sources: z.array(z.enum(sources)).optional(),
  /** SHA-256 of the file of the base model it started from; absent where it started from random weights. */
  baseModel: z.string().optional(),
  cases: z.object({ train: z.int(), validation: z.int() }),
  bestEpoch: z.int(),
  validationAuc: z.partialRecord(task, z.number()),
  /** Absent in a model as training left it. */
  variant: variant.optional(),
});
/** `config.json` of a trained model, which stands in the metadata of its `model.onnx` too. */
export type ModelConfig = z.infer<typeof modelConfig>;

/** The definitions of a model's tasks, in its outputs' order. */
export const tasksOfModel = ({ tasks, definitions }: ModelConfig): TaskDefinition[] =>
  tasks.map((name) => taskNamed(definitions ?? studyTasks, name));

/** A trained model as it lies in its folder. */
export interface ModelFolder {
  readonly folder: string;
  readonly config: ModelConfig;
  readonly onnx: Uint8Array;
  /** Absent in models from before it was noted. */
  readonly familiarity?: FamiliarityRecord;
}

/** Every file a run leaves in its folder, or has there while it goes on. */
export const runFiles = {
  checkpoint: "checkpoint.bin",
  log: "training-log.csv",
  history: "history.json",
  config: "config.json",
  card: "MODEL_CARD.md",
  model: "model.onnx",
} as const;

const metadataKeys = { config: "trinephron", familiarity: "trinephron-familiarity" } as const;

/** The metadata that makes `model.onnx` enough by itself. */
export const modelMetadata = (
  config: ModelConfig,
  familiarity?: FamiliarityRecord,
): Record<string, string> => ({
  [metadataKeys.config]: JSON.stringify(config),
  ...(familiarity && { [metadataKeys.familiarity]: JSON.stringify(familiarity) }),
});

/** Writes `config.json` and `MODEL_CARD.md`, then `model.onnx`: its presence says that the folder is whole. */
export async function writeModelFolder({ folder, config, onnx }: ModelFolder): Promise<void> {
  await writeWhole(join(folder, runFiles.config), `${JSON.stringify(config, null, 2)}\n`);
  await writeWhole(join(folder, runFiles.card), modelCard(config));
  await writeWhole(join(folder, runFiles.model), onnx);
}

const modelEntries = z.object({ config: modelConfig, familiarity: familiarityRecord.optional() });

/**
 * Reads a trained model: its `model.onnx` alone, which holds all that is needed.
 * @throws E_FILE_MISSING, E_MODEL where the file is not one of ours or is damaged
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const path = join(folder, runFiles.model);
  const onnx = await readWhole(path);
  const broken = (why: string) => new TrinephronError("E_MODEL", `${path}: ${why}`, "train it again");
  let found: Record<string, unknown>;
  try {
    const metadata = readMetadata(onnx);
    const entry = (key: string) => JSON.parse(metadata[key] ?? "null");
    found = { config: entry(metadataKeys.config), familiarity: entry(metadataKeys.familiarity) ?? undefined };
  } catch {
    throw broken("damaged or not an ONNX file");
  }
  if (found.config === null) throw broken("not a trinephron model");
  const parsed = modelEntries.safeParse(found);
  if (!parsed.success) throw broken(`metadata not understood (${parsed.error.issues[0].path.join(".")})`);
  const { config, familiarity } = parsed.data;
  const known = config.definitions ?? studyTasks;
  const stranger = config.tasks.find((name) => !known.some((own) => own.name === name));
  if (stranger !== undefined) throw broken(`does not say what its task ${stranger} asks`);
  return { folder, config, onnx, ...(familiarity && { familiarity }) };
}

function variantLine({ variant }: ModelConfig): string {
  if (!variant) return "";
  const { name, of, usable, aucDifference, validationCases } = variant;
  const moved = Object.entries(aucDifference).map(([task, by = 0]) => `${task} ${by.toFixed(4)}`);
  return `- Variant ${name} of the model with SHA-256 ${of}; AUC moved on its ${validationCases} validation cases by: ${moved.join(", ")}${usable ? "" : " (**not usable: more than 0.005**)"}\n`;
}

/** What tasks that are not the study's ask. */
function questionLines({ definitions = [] }: ModelConfig): string {
  const rows = definitions.map(
    ({ name, question, positive, negative }) =>
      `| ${[name, question, positive.words, negative.words].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
  );
  return rows.length === 0
    ? ""
    : `\n| task | question | positive | negative |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

function answersFrom({ features, backbone, crop }: ModelConfig["settings"]): string {
  const measured = crop.maskChannels
    ? "what is measured of the tumour (HU, shape, place in the kidney)"
    : "the HU of what it outlines as the tumour itself";
  const learnt = `what a 3D ResNet-${backbone.depth} of width ${backbone.width} learnt from the image`;
  return { learnt, measured, both: `${measured} and ${learnt}` }[features];
}

function startLine({ baseModel, settings: { frozenStages, backbone } }: ModelConfig): string {
  if (baseModel === undefined) return "";
  const stays = frozenStages === backbone.stages ? "all" : String(frozenStages);
  return `- Started from a base model pretrained on simulated kidneys (SHA-256 ${baseModel}); of its ${backbone.stages} stages ${stays} stayed as they were\n`;
}

/** What a crop's cube lies around, in words. */
export const centerWords = { kidney: "affected kidney", tumor: "tumour", image: "image's centre" } as const;

function modelCard(config: ModelConfig): string {
  const { settings, cases } = config;
  const rows = config.tasks.map(
    (t) =>
      `| ${t} | ${config.validationAuc[t]?.toFixed(3) ?? "–"} | ${config.thresholds[t]?.toFixed(3) ?? "–"} |`,
  );
  return `# Model card

**Research use only.** Not a medical device; no decision on a patient may rest on it.

- Kind: ${config.kind === "mtdl" ? "multi-task (MTDL)" : "single-task (STDL)"}; tasks: ${config.tasks.join(", ")}
- Reads: ${config.phases.join(", ")}${config.phases.every(isStudyPhase) ? " phase" : ""}${settings.crop.maskChannels ? `, ${masksOf(config) === "kidney" ? "kidney and tumour" : "tumour"} mask` : ""}, a cube of ${settings.crop.fieldOfViewMm} mm in ${settings.crop.voxels}³ voxels around the ${centerWords[settings.crop.center]}${settings.crop.contextMm ? `, and a wider one of ${settings.crop.contextMm} mm in as many voxels` : ""}${config.intensities ? `; its images are no CT numbers, but lie between ${config.intensities.join(" and ")}` : ""}
- Answers from: ${answersFrom(settings)}; ${settings.ple.levels} extraction levels; ${config.parameters} parameters
${startLine(config)}- Trained on centre ${settings.center}: ${cases.train} cases, ${cases.validation} for validation, calibration and thresholds; seed ${settings.seed}; epoch ${config.bestEpoch} kept
- Thresholds: ${config.thresholdChosen}
- Training data: SHA-256 ${config.dataHash}
- Made by ${config.software}
${variantLine(config)}
| task | validation AUC (chosen on the same cases, so optimistic) | threshold |
|---|---|---|
${rows.join("\n")}
${questionLines(config)}
What it reads and how it was trained: docs/training.md of trinephron. What its answers mean, and their limits: docs/predict.md and docs/validation.md.
`;
}
