import { TrinephronError } from "../../base/errors.ts";
import { readArrayFile, writeArrayFile } from "../crop/arrayFile.ts";
import type { Epoch } from "../trained/history.ts";

/**
 * All that the next epoch depends on. Batches, augmentation and dropout are functions of the seed, the epoch and the
 * batch, so no generator's state is needed.
 */
export interface Checkpoint<E = Epoch> {
  /** Hash of settings and data: a checkpoint continues only the run it belongs to. */
  readonly run: string;
  readonly history: readonly E[];
  /** Epoch whose weights are `best`, or 0. */
  readonly bestEpoch: number;
  /** Flat vectors by name: `theta`, the optimiser's state, `averaged`, `best`. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

const magic = "trinephron-checkpoint/1";

/** Writes the whole file or leaves the one before. */
export async function writeCheckpoint<E>(path: string, { vectors, ...header }: Checkpoint<E>): Promise<void> {
  await writeArrayFile(path, magic, { header, arrays: vectors });
}

/**
 * @returns undefined where there is none yet
 * @throws E_CHECKPOINT where the file is damaged or of another run
 */
export async function readCheckpoint<E = Epoch>(
  path: string,
  run: string,
): Promise<Checkpoint<E> | undefined> {
  const file = await readArrayFile(path, magic);
  if (file === "missing") return undefined;
  if (file === "damaged")
    throw new TrinephronError("E_CHECKPOINT", `${path}: damaged`, "delete it to start this model again");
  const header = file.header as Omit<Checkpoint<E>, "vectors">;
  if (header.run !== run)
    throw new TrinephronError(
      "E_CHECKPOINT",
      `${path}: of a run with other settings or other data`,
      "choose another --out, or --force to start again",
    );
  return { ...header, vectors: file.arrays as Record<string, Float32Array> };
}
