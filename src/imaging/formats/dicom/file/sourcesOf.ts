import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileError, readStart, readWhole } from "../../../../base/files.ts";
import type { Source } from "./source.ts";
import { openZip } from "./zip.ts";

/**
 * The files of a folder and its subfolders, of a ZIP archive, of the medium a DICOMDIR lies on, or one file; by name.
 * @throws E_FILE_MISSING, E_FORMAT for an archive that is broken or out to do harm
 */
export async function sourcesOf(path: string): Promise<Source[]> {
  const entry = await stat(path).catch((error: unknown) => {
    throw fileError(error, path, "E_FILE_MISSING");
  });
  if (entry.isDirectory()) return folder(path);
  if (basename(path).toUpperCase() === "DICOMDIR") return folder(dirname(path));
  const start = await readStart(path, 4);
  return start.toString("latin1") === "PK\u0003\u0004" ? openZip(path) : [file(path)];
}

const file = (path: string): Source => ({
  name: path,
  whole: () => readWhole(path),
  start: (length) => readStart(path, length),
});

async function folder(path: string): Promise<Source[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isFile() && entry.name.toUpperCase() !== "DICOMDIR" && !entry.name.startsWith("."),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map(file);
}
