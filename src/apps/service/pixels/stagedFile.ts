import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";

/** The end of a name of a file that is being received. */
export const partMark = ".part";

/** A file that lies on the disk as a whole, but is no part of a store yet. */
export interface StagedFile {
  readonly path: string;
  /** SHA-256 of its content, hexadecimal: its name in a store. */
  readonly key: string;
  readonly bytes: number;
}

/** Takes content as it comes, and never holds it in memory. */
export interface StagedWriter {
  /** @throws E_LIMIT beyond the limit, E_FILE_WRITE; the file is removed */
  write(chunk: Uint8Array): Promise<void>;
  /** @returns the file, once the disk has it @throws E_FILE_WRITE; the file is removed */
  finish(): Promise<StagedFile>;
  /** Removes the file. */
  discard(): Promise<void>;
}

/**
 * Begins a file that is to be received.
 * @param folder made where it is missing, on the same disk as the store
 * @param limit of the content, bytes
 * @throws E_FILE_WRITE
 */
export async function stageFile(folder: string, limit: number): Promise<StagedWriter> {
  const path = join(folder, `${randomUUID()}${partMark}`);
  const hash = createHash("sha256");
  let bytes = 0;
  let file: FileHandle;
  try {
    await mkdir(folder, { recursive: true });
    file = await open(path, "wx", 0o600);
  } catch (error) {
    throw fileError(error, path, "E_FILE_WRITE");
  }
  const discard = async () => {
    await file.close().catch(() => {});
    await rm(path, { force: true });
  };
  const orDiscard = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      await discard();
      throw error instanceof TrinephronError ? error : fileError(error, path, "E_FILE_WRITE");
    }
  };
  return {
    write: (chunk) =>
      orDiscard(async () => {
        bytes += chunk.length;
        if (bytes > limit)
          throw new TrinephronError("E_LIMIT", `an image of more than ${limit} bytes`, "see docs/service.md");
        hash.update(chunk);
        for (let done = 0; done < chunk.length; )
          done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
      }),
    finish: async () => {
      await orDiscard(async () => {
        await file.sync();
        await file.close();
      });
      return { path, key: hash.digest("hex"), bytes };
    },
    discard,
  };
}

/**
 * Stages a copy of a file that somebody else owns.
 * @throws E_LIMIT, E_FILE_MISSING, E_FILE_WRITE
 */
export async function stageCopy(of: string, folder: string, limit: number): Promise<StagedFile> {
  const writer = await stageFile(folder, limit);
  try {
    for await (const chunk of createReadStream(of)) await writer.write(chunk);
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error instanceof TrinephronError ? error : fileError(error, of, "E_FILE_MISSING");
  }
}
