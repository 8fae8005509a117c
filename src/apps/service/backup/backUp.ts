import { createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError, mustNotExist, writeWhole } from "../../../base/files.ts";
import { software } from "../../../base/version.ts";
import type { Progress } from "../../../base/work.ts";
import { openAudit } from "../audit/openAudit.ts";
import { auditPages } from "../audit/readAudit.ts";
import { verifyAudit } from "../audit/verifyAudit.ts";
import type { Statements } from "../database/database.ts";
import { copyVerified } from "./copyVerified.ts";
import { type BackupManifest, backupFiles, stores } from "./manifest.ts";
import { mustBeWhole, type ServicePlace } from "./place.ts";
import { filesOfRow, ReferredFiles, sizeOf } from "./referredFiles.ts";
import { dumpTable, tablesInOrder } from "./tables.ts";

export interface BackupOptions {
  /** Whether images and results get a second name on the same disk in place of a copy. */
  readonly isLinked?: boolean | undefined;
  readonly progress?: Progress | undefined;
}

/**
 * Copies all that a service keeps into a folder: its tables as they were at one moment, and the files that they refer to,
 * each checked. On PostgreSQL the service may run meanwhile. Jobs of the queue are left out: a restored service finds
 * the studies that no job is about.
 * @param out made; must not be there
 * @throws E_FILE_EXISTS, E_FILE_MISSING where a file of the service is not there, E_BACKUP where one is not what it was,
 * E_AUDIT where the audit log was changed, E_LOCKED while an embedded database is in use, E_DATABASE, E_FILE_WRITE
 */
export async function backUp(
  { data, database: url }: ServicePlace,
  out: string,
  { isLinked = false, progress }: BackupOptions = {},
): Promise<BackupManifest> {
  await mustNotExist(out, {});
  mustBeWhole(data);
  const database = await openAudit(url === undefined ? { data } : { database: url });
  try {
    await mkdir(join(out, "tables"), { recursive: true, mode: 0o700 }).catch((error) => {
      throw fileError(error, out, "E_FILE_WRITE");
    });
    const referred = new ReferredFiles();
    const told = await database.transaction(async (statements) => {
      // What others commit from here on is not seen.
      await statements.query("set transaction isolation level repeatable read, read only");
      const migrations = await statements.query<{ number: number; name: string }>(
        "select number, name from trinephron.migrations order by number",
      );
      const tables = [];
      const names = await tablesInOrder(statements);
      for (const [n, name] of names.entries()) {
        tables.push(await written(statements, name, out, referred));
        progress?.("tables", n + 1, names.length, name);
      }
      const audit = await verifyAudit(auditPages(statements));
      return { migrations, tables, audit };
    });
    for (const store of stores) {
      const files = referred.of(store);
      for (const [n, { key }] of files.entries()) {
        const path = join(store, key.slice(0, 2), key);
        const from = join(data, path);
        if (!(await copyVerified(from, join(out, path), key, { isLinked })))
          throw new TrinephronError(
            "E_BACKUP",
            `${from}: is not what it was when it came`,
            "look after the disk, and take this file from an earlier backup",
          );
        progress?.(store, n + 1, files.length);
      }
    }
    const manifest: BackupManifest = {
      format: "trinephron-backup/1",
      software,
      created: new Date().toISOString(),
      ...told,
      images: sizeOf(referred.of("images")),
      results: sizeOf(referred.of("results")),
    };
    await writeWhole(join(out, backupFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
    return manifest;
  } finally {
    await database.close();
  }
}

async function written(
  statements: Statements,
  name: string,
  out: string,
  referred: ReferredFiles,
): Promise<BackupManifest["tables"][number]> {
  const path = join(out, backupFiles.table(name));
  const hash = createHash("sha256");
  let [rows, bytes] = [0, 0];
  const file = await open(path, "wx", 0o600).catch((error) => {
    throw fileError(error, path, "E_FILE_WRITE");
  });
  try {
    for await (const lines of dumpTable(statements, name)) {
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      hash.update(text);
      await file.appendFile(text).catch((error) => {
        throw fileError(error, path, "E_FILE_WRITE");
      });
      for (const line of lines) referred.add(filesOfRow(name, line));
      rows += lines.length;
      bytes += text.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { name, rows, bytes, sha256: hash.digest("hex") };
}
