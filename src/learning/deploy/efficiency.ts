import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { TrinephronError } from "../../base/errors.ts";
import type { Device } from "../../numerics/graph/index.ts";
import { channels } from "../crop/cropInput.ts";
import { readHistory } from "../trained/history.ts";
import { type ModelFolder, runFiles } from "../trained/modelFolder.ts";
import type { Efficiency } from "./efficiencyResults.ts";

/** One model, or several that answer together. */
export interface InferenceCost {
  /** Median. */
  readonly msPerCase: number;
  /** Of a fresh process, above that of the same process with the runtime and an empty model. */
  readonly peakMemoryBytes: number;
}

export interface InferenceOptions {
  readonly threads: number;
  readonly device?: Device | undefined;
  readonly signal?: AbortSignal | undefined;
}

const run = promisify(execFile);
const repeats = 30;
const rounds = 3;

/** The upper one of the middle two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * One multi-task model against its single-task models together, in fresh processes taken in turn so that a busy
 * machine slows both alike. Medians of three rounds.
 */
export async function measureEfficiency(
  mtdl: ModelFolder,
  stdl: readonly ModelFolder[],
  options: InferenceOptions,
): Promise<Efficiency> {
  const { threads, device = "cpu" } = options;
  const groups = { mtdl: [mtdl], stdl: [...stdl] };
  const measured: Record<keyof typeof groups, InferenceCost[]> = { mtdl: [], stdl: [] };
  for (let round = 0; round < rounds; round++)
    for (const [name, models] of Object.entries(groups) as [keyof typeof groups, readonly ModelFolder[]][])
      measured[name].push(await inferenceCost(models, options));

  const row = async (name: "mtdl" | "stdl") => ({
    model: name,
    parameters: groups[name].reduce((total, { config }) => total + config.parameters, 0),
    fileBytes: (
      await Promise.all(groups[name].map(({ folder }) => stat(join(folder, runFiles.model))))
    ).reduce((total, { size }) => total + size, 0),
    inferenceMsPerCase: median(measured[name].map((m) => m.msPerCase)),
    peakMemoryBytes: median(measured[name].map((m) => m.peakMemoryBytes)),
    trainingSeconds: (await Promise.all(groups[name].map(secondsOf))).reduce((a, b) => a + b, 0),
  });
  return {
    counted:
      `${stdl.length} single-task models together against one multi-task model${form(mtdl)}, ${device}, ${threads} threads, batch 1; ` +
      `inference is the network alone, without reading files and cropping: median of ${repeats} cases in each of ` +
      `${rounds} fresh processes taken in turn; memory is the peak resident set of those processes above that of the ` +
      "same process with the runtime and an empty model; training time is of the runs that made these models",
    rows: [await row("mtdl"), await row("stdl")],
  };
}

/** Models as trained are float32; a variant goes by its name. */
const form = ({ config: { variant } }: ModelFolder): string =>
  variant ? ` (its variant ${variant.name}), else float32` : ", float32";

async function secondsOf({ folder }: ModelFolder): Promise<number> {
  const history = await readHistory(join(folder, runFiles.history));
  return history.reduce((total, { seconds }) => total + seconds, 0);
}

/** Time and memory of models in a fresh process. @throws E_RUNTIME where one of them does not run */
export async function inferenceCost(
  models: readonly Pick<ModelFolder, "folder" | "config">[],
  { threads, device = "cpu", signal }: InferenceOptions,
): Promise<InferenceCost> {
  const { crop } = models[0].config.settings;
  const numbers = [threads, repeats, channels(crop), crop.voxels];
  const script = fileURLToPath(new URL(`./efficiency.child${extname(import.meta.url)}`, import.meta.url));
  const paths = models.map(({ folder }) => join(folder, runFiles.model));
  try {
    const { stdout } = await run(process.execPath, [script, device, ...numbers.map(String), ...paths], {
      signal,
    });
    return JSON.parse(stdout);
  } catch (error) {
    throw new TrinephronError("E_RUNTIME", "the process that measures inference failed", "", {
      cause: error,
    });
  }
}
