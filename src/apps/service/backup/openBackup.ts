import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { hashOf } from "./copyVerified.ts";
import { type BackupManifest, backupFiles, backupManifest, type StoreName, stores } from "./manifest.ts";
import { filesOfRow, type ReferredFile, ReferredFiles, sizeOf } from "./referredFiles.ts";

/** A backup whose tables are as its manifest says. Its files are checked as they are copied. */
export interface Backup {
  readonly manifest: BackupManifest;
  /** Its lines, some at a time. */
  lines(table: string): AsyncGenerator<string[]>;
  files(store: StoreName): readonly ReferredFile[];
  path(file: ReferredFile): string;
}

/** Rows that are held at a time. */
const pageLength = 500;

/**
 * @throws E_FILE_MISSING where there is no such folder; E_BACKUP where it is not whole, or not what it was when it was
 * written
 */
export async function openBackup(folder: string): Promise<Backup> {
  const manifest = await manifestOf(folder);
  const linesOf = async function* (table: string) {
    const file = createReadStream(join(folder, backupFiles.table(table)));
    let page: string[] = [];
    for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
      page.push(line);
      if (page.length < pageLength) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  };
  const referred = new ReferredFiles();
  for (const { name, rows, sha256 } of manifest.tables) {
    const path = join(folder, backupFiles.table(name));
    if ((await hashOrMissing(path)) !== sha256) throw changed(path);
    let found = 0;
    for await (const lines of linesOf(name)) {
      found += lines.length;
      for (const line of lines) referred.add(filesOfRow(name, line));
    }
    if (found !== rows) throw changed(path);
  }
  for (const store of stores) {
    const { files, bytes } = sizeOf(referred.of(store));
    if (files !== manifest[store].files || bytes !== manifest[store].bytes)
      throw changed(join(folder, backupFiles.manifest));
  }
  return {
    manifest,
    lines: linesOf,
    files: (store) => referred.of(store),
    path: ({ store, key }) => join(folder, store, key.slice(0, 2), key),
  };
}

async function manifestOf(folder: string): Promise<BackupManifest> {
  const path = join(folder, backupFiles.manifest);
  const text = await readWhole(path).catch((cause) => {
    throw new TrinephronError(
      "E_BACKUP",
      `${folder}: no backup, or one that was not finished: it has no ${backupFiles.manifest}`,
      "name a folder that `trinephron backup` has written to its end",
      { cause },
    );
  });
  try {
    return backupManifest.parse(JSON.parse(text.toString("utf8")));
  } catch (cause) {
    throw new TrinephronError("E_BACKUP", `${path}: not the list of a backup`, "take another backup", {
      cause,
    });
  }
}

const hashOrMissing = (path: string): Promise<string | undefined> => hashOf(path).catch(() => undefined);

/** A file of a backup that is not as it was written. */
export const changed = (path: string) =>
  new TrinephronError(
    "E_BACKUP",
    `${path}: is missing, or not what it was when the backup was made`,
    "take another backup",
  );
