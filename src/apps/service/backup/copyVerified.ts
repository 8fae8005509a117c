import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";

/**
 * Copies a file whose SHA-256 is known; when this returns the copy is on the disk and is what it should be.
 * @param isLinked a second name of the same file in place of a copy, where both are on one disk
 * @returns false where the file is not what it should be; nothing is left then
 * @throws E_FILE_MISSING, E_FILE_WRITE
 */
export async function copyVerified(
  from: string,
  to: string,
  sha256: string,
  { isLinked = false }: { readonly isLinked?: boolean } = {},
): Promise<boolean> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(error, to, "E_FILE_WRITE");
  }
  if (isLinked && (await linked(from, to))) {
    if ((await hashOf(from)) === sha256) return true;
    await rm(to, { force: true });
    return false;
  }
  const beside = `${to}.part`;
  let file: FileHandle | undefined;
  try {
    file = await open(beside, "w", 0o600);
    const is = await hashOf(from, file);
    await file.sync();
    await file.close();
    if (is === sha256) await rename(beside, to);
    else await rm(beside, { force: true });
    return is === sha256;
  } catch (error) {
    await file?.close().catch(() => {});
    await rm(beside, { force: true }).catch(() => {});
    throw error instanceof TrinephronError ? error : fileError(error, to, "E_FILE_WRITE");
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw fileError(error, from, "E_FILE_MISSING");
    // Another disk, or a file system without links: it is copied. It may be there already.
    return false;
  }
}

/** @param copy what is read is written there too @throws E_FILE_MISSING */
export async function hashOf(path: string, copy?: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  const source = createReadStream(path, { highWaterMark: 2 ** 20 });
  const chunks = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await chunks.next().catch((error) => {
      throw fileError(error, path, "E_FILE_MISSING");
    });
    if (next.done) return hash.digest("hex");
    const chunk = next.value as Buffer;
    hash.update(chunk);
    for (let done = 0; copy && done < chunk.length; )
      done += (await copy.write(chunk, done, chunk.length - done)).bytesWritten;
  }
}
