import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { TrinephronError } from "../../../../base/errors.ts";
import { fileError, readStart, readWhole } from "../../../../base/files.ts";
import type { Source } from "./source.ts";
import { noFile, walk } from "./walk.ts";
import { isDebris, isHidden, openZip } from "./zip.ts";

/**
 * The files of a folder and its subfolders, of a ZIP archive, of the medium a DICOMDIR lies on, or one file; by name.
 * Links are followed, each file and folder read once; archives within a folder are read too. What cannot be read is a
 * source of its own, which says why: broken links, folders without permission, broken archives.
 * @throws E_FILE_MISSING, E_FORMAT for an archive that is broken or out to do harm, E_UNSUPPORTED for a pipe or device
 */
export async function sourcesOf(path: string): Promise<Source[]> {
  const entry = await stat(path).catch((error: unknown) => {
    throw fileError(error, path, "E_FILE_MISSING");
  });
  if (entry.isDirectory()) return folder(path);
  if (!entry.isFile()) throw noFile(path);
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
  const { files, skipped, failed } = await walk(path);
  const read = files.filter((name) => basename(name).toUpperCase() !== "DICOMDIR");
  const own = read.filter((name) => !isHidden(name));
  const archives = await Promise.all(own.filter(isArchive).map(archive));
  return [
    ...own.filter((name) => !isArchive(name)).map(file),
    ...archives.flat(),
    ...read
      .filter((name) => isHidden(name) && !isDebris(name))
      .map((name) => ({ ...file(name), setAside: "a hidden file" })),
    ...skipped.map(({ path: name, why }) => ({ ...file(name), setAside: why })),
    ...failed.map(({ path: name, error }) => unreadable(name, error)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isArchive = (path: string): boolean => /\.zip$/i.test(path);

const archive = (path: string): Promise<Source[]> =>
  openZip(path).catch((error: unknown) => {
    if (error instanceof TrinephronError) return [unreadable(path, error)];
    throw error;
  });

/** Says why when it is read. */
function unreadable(name: string, error: TrinephronError): Source {
  const fail = () => Promise.reject(error);
  return { name, whole: fail, start: fail };
}
