import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";
import type { AuditPlace } from "../audit/openAudit.ts";
import { mustBeWhole } from "../backup/place.ts";
import type { Database } from "../database/database.ts";
import { openDatabase } from "../database/openDatabase.ts";

/**
 * A service's database with all its tables, to say who may come in.
 * @param mayBegin whether it is made where there is none, as for the first account before the first start
 * @throws E_USAGE where neither or both places are named, E_FILE_MISSING, E_BACKUP where a restore
 * broke off, E_LOCKED where a service has it open,
 * E_DATABASE, E_LIBRARY, E_FILE_WRITE
 */
export async function openPlace({ database: url, data }: AuditPlace, mayBegin = false): Promise<Database> {
  if ((url === undefined) === (data === undefined))
    throw new TrinephronError("E_USAGE", "either --data or --database has to be given");
  if (data === undefined) return openDatabase(url, "");
  mustBeWhole(data);
  if (!mayBegin && !existsSync(join(data, "database")))
    throw new TrinephronError(
      "E_FILE_MISSING",
      `${data}: no embedded database is there`,
      "give the data folder of the service, or --database where it uses PostgreSQL",
    );
  // Everything within tells of patients.
  await mkdir(data, { recursive: true, mode: 0o700 }).catch((error) => {
    throw fileError(error, data, "E_FILE_WRITE");
  });
  return openDatabase(undefined, data);
}
