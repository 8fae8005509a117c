import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { readArrayFile, writeArrayFile } from "../crop/arrayFile.ts";
import type { Quality } from "./quality.ts";
import type { Scales } from "./targets.ts";

/** One round of pretraining, as logged. */
export interface RoundLog extends Quality {
  /** From 1. */
  readonly round: number;
  /** Mean over its batches. */
  readonly loss: number;
}

/** All that the next round depends on; its phantoms, batches and draws follow from the seed. */
export interface PretrainState {
  /** Hash of the settings: a checkpoint continues only the run it belongs to. */
  readonly run: string;
  readonly scales: Scales;
  readonly log: readonly RoundLog[];
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

export const stateFile = "checkpoint.bin";
const magic = "trinephron-pretraining/1";

export async function writeState(folder: string, { vectors, ...header }: PretrainState): Promise<void> {
  await writeArrayFile(join(folder, stateFile), magic, { header, arrays: vectors });
}

/** @returns undefined where there is none yet @throws E_CHECKPOINT where it is damaged or of another run */
export async function readState(folder: string, run: string): Promise<PretrainState | undefined> {
  const path = join(folder, stateFile);
  const file = await readArrayFile(path, magic);
  if (file === "missing") return undefined;
  if (file === "damaged")
    throw new TrinephronError("E_CHECKPOINT", `${path}: damaged`, "delete it to start again");
  const header = file.header as Omit<PretrainState, "vectors">;
  if (header.run !== run)
    throw new TrinephronError(
      "E_CHECKPOINT",
      `${path}: of a run with other settings`,
      "choose another --out, or --force to start again",
    );
  return { ...header, vectors: file.arrays as Record<string, Float32Array> };
}
