import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";

/** SHA-256 of a file, hexadecimal. @throws E_FILE_MISSING */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash).catch((error) => {
    throw fileError(error, path, "E_FILE_MISSING");
  });
  return hash.digest("hex");
}

/**
 * One SHA-256 of what a segmentation model does: of its networks and their settings with their names, whatever else
 * lies beside them.
 * @param path of a folder, or of one file
 * @throws E_FILE_MISSING
 */
export async function hashOfModels(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return await hashOfFile(path);
    const names = (await readdir(path, { recursive: true })).filter((name) => /\.(onnx|json)$/.test(name));
    const hash = createHash("sha256");
    for (const name of names.sort()) hash.update(`${name} ${await hashOfFile(join(path, name))}\n`);
    return hash.digest("hex");
  } catch (error) {
    if (error instanceof TrinephronError) throw error;
    throw fileError(error, path, "E_FILE_MISSING");
  }
}
