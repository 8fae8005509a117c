import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";
import type { Progress } from "../../../base/work.ts";
import { auditPages } from "../audit/readAudit.ts";
import { type Verified, verifyAudit } from "../audit/verifyAudit.ts";
import type { Database } from "../database/database.ts";
import { openEmbedded } from "../database/embeddedDatabase.ts";
import { applyAll, migrate, stepsOf } from "../database/migrate.ts";
import { openPostgres } from "../database/postgresDatabase.ts";
import { copyVerified, hashOf } from "./copyVerified.ts";
import { type BackupManifest, stores } from "./manifest.ts";
import { type Backup, changed, openBackup } from "./openBackup.ts";
import { restoringMark, type ServicePlace } from "./place.ts";
import { fillTable, setNumbers, tablesInOrder } from "./tables.ts";

export interface Restored {
  readonly manifest: BackupManifest;
  readonly audit: Verified;
}

/**
 * Makes a service's data folder and database of a backup, from whichever kind of database to whichever. Files come first,
 * then all tables in one transaction: what breaks off leaves a folder that no service starts with, and the same command
 * goes on with it.
 * @param place an empty one: the folder holds nothing, the database no tables of a service
 * @throws E_BACKUP where the backup is not whole or was changed, E_FILE_EXISTS where the place is not empty, E_AUDIT where
 * the audit log does not verify, E_DATABASE for a backup of a later version, E_LOCKED, E_FILE_WRITE
 */
export async function restore(
  folder: string,
  { data, database: url }: ServicePlace,
  progress?: Progress,
): Promise<Restored> {
  const backup = await openBackup(folder);
  const { manifest } = backup;
  const steps = stepsOf(manifest.migrations);
  const isAgain = await mustBeEmpty(data);
  const mark = join(data, restoringMark);
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    await writeFile(mark, `${folder}\n`, { flush: true });
  } catch (error) {
    throw fileError(error, data, "E_FILE_WRITE");
  }
  let database: Database | undefined;
  try {
    database = url === undefined ? await openEmbedded(data) : await openPostgres(url);
    // All tables come at once: where they are there, only the end was missing.
    const isFilled = await hasTables(database);
    if (isFilled && !(isAgain && (await isOf(manifest, database)))) throw notEmpty;
    await copyFiles(backup, data, progress);
    if (!isFilled)
      await database.transaction(async (statements) => {
        await applyAll(statements, steps);
        const there = await tablesInOrder(statements);
        for (const [n, { name }] of manifest.tables.entries()) {
          if (!there.includes(name)) throw changed(folder);
          for await (const lines of backup.lines(name)) await fillTable(statements, name, lines);
          await setNumbers(statements, name);
          progress?.("tables", n + 1, manifest.tables.length, name);
        }
        await verifyAudit(auditPages(statements), manifest.audit.head);
      });
    const audit = await verifyAudit(auditPages(database), manifest.audit.head);
    // To this version, where the backup is of an earlier one.
    await migrate(database);
    await rm(mark);
    return { manifest, audit };
  } finally {
    await database?.close();
  }
}

/** @returns whether a restore broke off there, which is gone on with */
async function mustBeEmpty(data: string): Promise<boolean> {
  if (existsSync(join(data, restoringMark))) return true;
  const there = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw fileError(error, data, "E_FILE_WRITE");
  });
  if (there.length > 0)
    throw new TrinephronError(
      "E_FILE_EXISTS",
      `${data}: is not empty`,
      "restore into an empty folder, and move it to its place then",
    );
  return false;
}

async function hasTables(database: Database): Promise<boolean> {
  const [{ found }] = await database.query<{ found: string | null }>(
    "select to_regnamespace('trinephron')::text as found",
  );
  return found !== null;
}

const notEmpty = new TrinephronError(
  "E_FILE_EXISTS",
  "the database has tables of a service",
  "restore into a new, empty database",
);

/** Whether the tables hold as many rows as those of the backup. */
async function isOf({ tables }: BackupManifest, database: Database): Promise<boolean> {
  for (const { name, rows } of tables) {
    const [found] = await database
      .query<{ n: number }>(`select count(*)::integer as n from trinephron."${name}"`)
      .catch(() => []);
    if (found?.n !== rows) return false;
  }
  return true;
}

async function copyFiles(backup: Backup, data: string, progress?: Progress): Promise<void> {
  for (const store of stores) {
    const files = backup.files(store);
    for (const [n, file] of files.entries()) {
      const to = join(data, store, file.key.slice(0, 2), file.key);
      const from = backup.path(file);
      const isThere = existsSync(to) && (await hashOf(to)) === file.key;
      if (!isThere && !(existsSync(from) && (await copyVerified(from, to, file.key)))) throw changed(from);
      progress?.(store, n + 1, files.length);
    }
  }
}
