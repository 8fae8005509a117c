import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { TrinephronError } from "./errors.ts";

/** Writes a whole file or nothing: beside it first, then renamed. Makes the folder. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, data, { flush: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw fileError(error, path, "E_FILE_WRITE");
  }
}

/** @throws E_FILE_MISSING where there is no such file */
export async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path, "E_FILE_MISSING");
  }
}

/**
 * The first `length` bytes of a file, or all of a shorter one.
 * @throws E_FILE_MISSING where there is no such file
 */
export async function readStart(path: string, length: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path, "E_FILE_MISSING");
  }
}

const causes: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the disk is read-only",
  ENOENT: "not there",
  ENOTDIR: "a file where a folder should be",
  EISDIR: "a folder where a file should be",
};

function fileError(error: unknown, path: string, code: "E_FILE_WRITE" | "E_FILE_MISSING"): TrinephronError {
  const { code: cause = "", message } = error as NodeJS.ErrnoException;
  return new TrinephronError(code, `${path}: ${causes[cause] ?? message}`, "", { cause: error });
}
