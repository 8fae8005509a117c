import { createHash } from "node:crypto";
import { TrinephronError } from "../errors.ts";
import { writeWhole } from "../files.ts";
import { readFile } from "node:fs/promises";
import type { Epoch } from "./history.ts";

/**
 * All that the next epoch depends on. Batches, augmentation and dropout are functions of the seed, the epoch and the
 * batch, so no generator's state is needed beyond these two numbers.
 */
export interface Checkpoint {
  /** Of settings and data: a checkpoint continues only the run it belongs to. */
  readonly run: string;
  readonly history: readonly Epoch[];
  /** Epoch whose weights are `best`, or 0. */
  readonly bestEpoch: number;
  readonly seconds: number;
  /** Flat vectors by name: `theta`, the optimiser's state, `best`. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

const magic = "trinephron-checkpoint/1\n";

/** One file: the magic line, a JSON line, the vectors one after the other (little-endian float32), a SHA-256. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { vectors, ...rest } = checkpoint;
  const lengths = Object.entries(vectors).map(([name, values]) => [name, values.length]);
  const parts = [
    Buffer.from(`${magic}${JSON.stringify({ ...rest, vectors: lengths })}\n`),
    ...Object.values(vectors).map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength)),
  ];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  await writeWhole(path, Buffer.concat([...parts, hash.digest()]));
}

/**
 * @returns undefined where there is none yet
 * @throws E_CHECKPOINT where the file is damaged or of another run
 */
export async function readCheckpoint(path: string, run: string): Promise<Checkpoint | undefined> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return undefined;
  const body = file.subarray(0, -32);
  const intact = file.length > 32 && createHash("sha256").update(body).digest().equals(file.subarray(-32));
  if (!intact || !body.subarray(0, magic.length).equals(Buffer.from(magic)))
    throw new TrinephronError("E_CHECKPOINT", `${path}: damaged`, "delete it to start this model again");
  const end = body.indexOf("\n", magic.length);
  const header = JSON.parse(body.toString("utf8", magic.length, end));
  if (header.run !== run)
    throw new TrinephronError(
      "E_CHECKPOINT",
      `${path}: of a run with other settings or other data`,
      "choose another --out, or --force to start again",
    );
  let at = end + 1;
  const vectors = Object.fromEntries(
    (header.vectors as [string, number][]).map(([name, length]) => {
      // A copy: the bytes in the file need not be aligned.
      const values = new Float32Array(new Uint8Array(body.subarray(at, at + 4 * length)).buffer);
      at += 4 * length;
      return [name, values];
    }),
  );
  return { ...header, vectors };
}
