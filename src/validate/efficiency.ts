import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { TrinephronError } from "../errors.ts";
import { readHistory } from "../train/history.ts";
import { type ModelFolder, runFiles } from "../train/modelFolder.ts";
import type { Results } from "./results.ts";

type Efficiency = NonNullable<Results["efficiency"]>;

interface Measured {
  readonly msPerCase: number;
  readonly peakMemoryBytes: number;
}

const run = promisify(execFile);
const repeats = 30;
const rounds = 3;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * One multi-task model against its single-task models together, in fresh processes taken in turn so that a busy
 * machine slows both alike. Medians of three rounds.
 */
export async function measureEfficiency(
  mtdl: ModelFolder,
  stdl: readonly ModelFolder[],
  { threads, signal }: { readonly threads: number; readonly signal?: AbortSignal | undefined },
): Promise<Efficiency> {
  const { crop } = mtdl.config.settings;
  const channels = crop.phases.length + (crop.maskChannels ? 2 : 0);
  const groups = { mtdl: [mtdl], stdl: [...stdl] };
  const measured: Record<keyof typeof groups, Measured[]> = { mtdl: [], stdl: [] };
  for (let round = 0; round < rounds; round++)
    for (const [name, models] of Object.entries(groups) as [keyof typeof groups, readonly ModelFolder[]][])
      measured[name].push(await child(models, [threads, repeats, channels, crop.voxels], signal));

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
      `${stdl.length} single-task models together against one multi-task model, float32, ${threads} threads, batch 1; ` +
      `inference is the network alone, without reading files and cropping: median of ${repeats} cases in each of ` +
      `${rounds} fresh processes taken in turn; memory is the peak resident set of those processes above that of the ` +
      "same process with the runtime and an empty model; training time is of the runs that made these models",
    rows: [await row("mtdl"), await row("stdl")],
  };
}

async function secondsOf({ folder }: ModelFolder): Promise<number> {
  const history = await readHistory(join(folder, runFiles.history));
  return history.reduce((total, { seconds }) => total + seconds, 0);
}

async function child(
  models: readonly ModelFolder[],
  numbers: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Measured> {
  const script = fileURLToPath(new URL(`./efficiency.child${extname(import.meta.url)}`, import.meta.url));
  const paths = models.map(({ folder }) => join(folder, runFiles.model));
  try {
    const { stdout } = await run(process.execPath, [script, ...numbers.map(String), ...paths], { signal });
    return JSON.parse(stdout);
  } catch (error) {
    throw new TrinephronError("E_RUNTIME", "the process that measures inference failed", "", {
      cause: error,
    });
  }
}
