import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { clearPartials, fileError } from "../../base/files.ts";
import { type ModelConfig, readModelFolder, runFiles } from "../trained/modelFolder.ts";
import type { TrainSettings } from "../trained/settings.ts";

/**
 * Takes a folder for a run: makes it, or finds a run to go on with or a finished model; clears what a killed run left
 * half-written.
 * @param dataHash of the data the model is to be trained on
 * @param baseModel hash of the one it starts from
 * @param force removes what another run left there, and no file that is not a run's
 * @returns the model of exactly these settings and data, where it is there
 * @throws E_FILE_EXISTS where a model of other settings or data, or files that are no run's, stand in the way;
 * E_FILE_WRITE, E_MODEL
 */
export async function claimRunFolder(
  folder: string,
  settings: TrainSettings,
  dataHash: string,
  baseModel?: string,
  force = false,
): Promise<ModelConfig | undefined> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(error, folder, "E_FILE_WRITE");
  });
  await clearPartials(folder);
  const own: readonly string[] = Object.values(runFiles);
  if (force) for (const name of own) await rm(join(folder, name), { force: true });
  const left = (await readdir(folder)).filter((name) => own.includes(name));

  if (left.includes(runFiles.model)) {
    const { config } = await readModelFolder(folder);
    const same = config.dataHash === dataHash && config.baseModel === baseModel;
    if (same && JSON.stringify(config.settings) === JSON.stringify(settings)) return config;
    throw occupied(`${folder} holds a model of other settings or other data`);
  }
  if (left.length > 0 && !left.includes(runFiles.checkpoint))
    throw occupied(`${folder} holds a ${left[0]}, but no model and no checkpoint`);
  return undefined;
}

const occupied = (what: string) =>
  new TrinephronError("E_FILE_EXISTS", what, "choose another --out, or --force to replace it");
