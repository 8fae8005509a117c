import { createHash } from "node:crypto";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { writeWhole } from "../../base/files.ts";
import type { Work } from "../../base/work.ts";
import { readOnnx, writeOnnx } from "../../numerics/graph/file/onnxModel.ts";
import type { Device } from "../../numerics/graph/index.ts";
import { auc } from "../../numerics/stats/index.ts";
import type { Cohort } from "../../patients/cohort/case.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { type DevelopmentData, developmentData, labeled } from "../train/development.ts";
import {
  type ModelConfig,
  type ModelFolder,
  modelMetadata,
  runFiles,
  type VariantRecord,
  writeModelFolder,
} from "../trained/modelFolder.ts";
import { openPredictor } from "../trained/predictor.ts";
import { type InferenceCost, inferenceCost, median } from "./efficiency.ts";
import { type VariantName, variants } from "./variants.ts";

export interface OptimizeOptions extends Work {
  readonly names: readonly VariantName[];
  /** A folder for each variant goes here. */
  readonly out: string;
  /** Of crops; default as `loadCrops`. */
  readonly cacheFolder?: string | undefined;
  readonly threads: number;
  readonly device?: Device | undefined;
}

/** What was found, and written to `variants.json`. */
export interface Optimized {
  readonly original: Cost & { readonly validationAuc: Readonly<Partial<Record<Task, number>>> };
  readonly variants: readonly VariantRecord[];
  /** The usable variant of the smallest file, or `original`. */
  readonly default: string;
}

type Cost = Pick<VariantRecord, "fileBytes" | "inferenceMsPerCase" | "peakMemoryBytes">;

/** An AUC that moves by more makes a variant unusable. */
export const largestAucChange = 0.005;
const rounds = 5;
const summaryFile = "variants.json";

/**
 * Writes variants of a trained model, each a model folder with what it costs and how its answers to the validation cases
 * of the development centre differ. No other centre's files are opened.
 * @throws E_MODEL where the cohort is not the one the model was trained on, E_INTERRUPTED on `signal`, E_RUNTIME,
 * E_FILE_WRITE, and as `cropCase`
 */
export async function optimizeModel(
  model: ModelFolder,
  cohort: Cohort,
  options: OptimizeOptions,
): Promise<Optimized> {
  const { names, out, cacheFolder, threads, device = "cpu", signal, progress } = options;
  const data = await developmentData(cohort, model.config.settings, {
    cacheFolder,
    threads,
    signal,
    progress,
  });
  if (data.hash !== model.config.dataHash)
    throw new TrinephronError(
      "E_MODEL",
      `${model.folder}: was not trained on these cases and labels of centre ${model.config.settings.center}`,
      "name the cohort it was trained on: the variants are measured on its validation cases",
    );

  const folder = await mkdtemp(join(tmpdir(), "trinephron-variants-"));
  try {
    const made: ModelFolder[] = [];
    for (const [i, name] of names.entries()) {
      const onnx = await variants[name].make(model, data);
      const own = { ...model, folder: join(folder, name), onnx };
      await writeWhole(join(own.folder, runFiles.model), onnx);
      made.push(own);
      progress?.("making variants", i + 1, names.length);
    }
    const all = [model, ...made];
    const answers = await mapInTurn(all, "validation cases", options, (m) =>
      validationAnswers(m, data, threads, device, signal),
    );
    const costs = await costsInTurn(all, options);
    const { timeRatio: _, ...cost } = costs[0];
    const original: Optimized["original"] = {
      ...cost,
      fileBytes: (await stat(join(model.folder, runFiles.model))).size,
      validationAuc: aucs(model.config, data, answers[0]),
    };
    const of = createHash("sha256").update(model.onnx).digest("hex");
    const records: VariantRecord[] = [];
    for (const [i, name] of names.entries()) {
      const change = changes(model.config, data, answers[0], answers[i + 1]);
      const { config, onnx, record } = recorded(made[i], {
        name,
        of,
        ...change,
        ...costs[i + 1],
        validationCases: data.validation.length,
        counted: counted(threads, device),
      });
      const target = join(out, name);
      await writeModelFolder({ folder: target, config, onnx });
      await copyFile(join(model.folder, runFiles.history), join(target, runFiles.history));
      records.push(record);
    }
    const smallest = records.filter(({ usable }) => usable).toSorted((a, b) => a.fileBytes - b.fileBytes)[0];
    const found = { original, variants: records, default: smallest?.name ?? "original" };
    await writeWhole(join(out, summaryFile), `${JSON.stringify(found, null, 2)}\n`);
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const counted = (threads: number, device: Device): string =>
  `${device}, ${threads} threads, batch 1, the network alone; medians of ${rounds} fresh processes for each model, taken ` +
  "in turn; memory is the resident set above that of the same process with the runtime and an empty model";

/** Probabilities of the validation cases, `[cases, T]`. */
async function validationAnswers(
  model: ModelFolder,
  data: DevelopmentData,
  threads: number,
  device: Device,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const { tasks } = model.config;
  const found = new Float32Array(data.validation.length * tasks.length);
  const predictor = await openPredictor(model, threads, device);
  try {
    for (const [i, c] of data.validation.entries()) {
      stopOn(signal);
      const { probabilities } = await predictor.answer(data.crops[c]);
      for (const [t, task] of tasks.entries()) found[i * tasks.length + t] = probabilities[task]!;
    }
    return found;
  } finally {
    await predictor.close();
  }
}

function aucs({ tasks }: ModelConfig, data: DevelopmentData, probabilities: Float32Array) {
  const pairs = tasks.map((task, t) => {
    const known = labeled(data, data.validation, probabilities, t);
    return [task, auc(known.labels, known.logits)] as const;
  });
  return Object.fromEntries(pairs) as Partial<Record<Task, number>>;
}

/** How a variant's answers differ from the original's. */
export function changes(
  config: ModelConfig,
  data: DevelopmentData,
  original: Float32Array,
  variant: Float32Array,
): Pick<VariantRecord, "aucDifference" | "largestProbabilityDifference" | "usable"> {
  const [before, after] = [aucs(config, data, original), aucs(config, data, variant)];
  const aucDifference = Object.fromEntries(config.tasks.map((task) => [task, after[task]! - before[task]!]));
  return {
    aucDifference,
    largestProbabilityDifference: variant.reduce(
      (most, p, i) => Math.max(most, Math.abs(p - original[i])),
      0,
    ),
    usable: Object.values(aucDifference).every((by) => Math.abs(by) <= largestAucChange),
  };
}

/** Each model's cost, measured in turn, there and back, so that a busy machine slows all alike. */
async function costsInTurn(
  models: readonly ModelFolder[],
  options: OptimizeOptions,
): Promise<(Omit<Cost, "fileBytes"> & { readonly timeRatio: number })[]> {
  const measured: InferenceCost[][] = models.map(() => []);
  const total = rounds * models.length;
  for (let done = 0; done < total; done++) {
    stopOn(options.signal);
    const [round, place] = [Math.floor(done / models.length), done % models.length];
    const i = round % 2 === 0 ? place : models.length - 1 - place;
    measured[i].push(await inferenceCost([models[i]], options));
    options.progress?.("time and memory", done + 1, total);
  }
  return measured.map((runs) => ({
    // Of pairs of one round.
    timeRatio: median(runs.map(({ msPerCase }, round) => msPerCase / measured[0][round].msPerCase)),
    inferenceMsPerCase: median(runs.map((r) => r.msPerCase)),
    peakMemoryBytes: median(runs.map((r) => r.peakMemoryBytes)),
  }));
}

/** The variant with its record inside, whose size is that of the file that holds it. */
function recorded(
  { config, onnx }: ModelFolder,
  measured: Omit<VariantRecord, "fileBytes">,
): { config: ModelConfig; onnx: Uint8Array; record: VariantRecord } {
  const parts = readOnnx(onnx);
  const withSize = (fileBytes: number) => {
    const record = { ...measured, fileBytes };
    const whole = { ...config, variant: record };
    const metadata = { ...parts.metadata, ...modelMetadata(whole) };
    return { config: whole, record, onnx: writeOnnx({ ...parts, metadata }) };
  };
  let made = withSize(onnx.length);
  // The number of its digits can change the size once more.
  while (made.onnx.length !== made.record.fileBytes) made = withSize(made.onnx.length);
  return made;
}

async function mapInTurn<T, R>(
  items: readonly T[],
  what: string,
  { progress }: OptimizeOptions,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(await work(item));
    progress?.(what, results.length, items.length);
  }
  return results;
}

function stopOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new TrinephronError(
      "E_INTERRUPTED",
      "stopped; no variant was written",
      "start the same command again",
    );
}
