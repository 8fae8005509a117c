import { randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrinephronError } from "./errors.ts";

/**
 * Writes a whole file or nothing: beside it first, then renamed. Makes the folder. Of several that write one path at a
 * time, in threads or processes, the last to end stays, whole.
 * @param data what is too long to be held comes in pieces
 * @param mode permissions; 0o600 for what nobody else may read
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array | AsyncIterable<string>,
  mode?: number,
): Promise<void> {
  const partial = `${path}${partialMark}${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, data, { flush: true, mode });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw fileError(error, path, "E_FILE_WRITE");
  }
}

const partialMark = ".partial-";

/** Whether a file of this name is half-written: by a process at work, or by one that was killed. */
export const isPartial = (name: string): boolean => name.includes(partialMark);

/** Removes what killed processes left half-written in a folder. @param age files younger than this, ms, stay: others may be at work */
export async function clearPartials(folder: string, age = -Infinity): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter(isPartial);
  for (const path of names.map((name) => join(folder, name))) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs >= age) await rm(path, { force: true });
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
  EEXIST: "a file where a folder should be",
  EISDIR: "a folder where a file should be",
};

/** The operating system's refusal in our words. */
export function fileError(
  error: unknown,
  path: string,
  code: "E_FILE_WRITE" | "E_FILE_MISSING",
): TrinephronError {
  const { code: cause = "", message } = error as NodeJS.ErrnoException;
  const hint = cause === "ENOSPC" || cause === "EDQUOT" ? "free space, then run the same command again" : "";
  return new TrinephronError(code, `${path}: ${causes[cause] ?? message}`, hint, { cause: error });
}

/** @throws E_FILE_EXISTS where there is such a file or folder and no `force` */
export async function mustNotExist(
  path: string,
  { force }: { readonly force?: boolean | undefined },
): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !force)
    throw new TrinephronError(
      "E_FILE_EXISTS",
      `${path} is there already`,
      "choose another --out, or --force",
    );
}
