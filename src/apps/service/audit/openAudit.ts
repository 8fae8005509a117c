import { existsSync } from "node:fs";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import type { Database } from "../database/database.ts";
import { openEmbedded } from "../database/embeddedDatabase.ts";
import { openPostgres } from "../database/postgresDatabase.ts";

/** Where the database is: at a URL, or embedded in a data folder. */
export interface AuditPlace {
  readonly database?: string | undefined;
  readonly data?: string | undefined;
}

/**
 * A service's database as it is, to look at its audit log: nothing is made or changed.
 * @throws E_USAGE where neither or both are named, E_FILE_MISSING, E_LOCKED where a service has it open, E_DATABASE
 * where it cannot be reached or has no audit log, E_LIBRARY
 */
export async function openAudit({ database: url, data }: AuditPlace): Promise<Database> {
  if ((url === undefined) === (data === undefined))
    throw new TrinephronError("E_USAGE", "either --data or --database has to be given");
  if (data !== undefined && !existsSync(join(data, "database")))
    throw new TrinephronError(
      "E_FILE_MISSING",
      `${data}: no embedded database is there`,
      "give the data folder of the service, or --database where it uses PostgreSQL",
    );
  const database = data === undefined ? await openPostgres(url!) : await openEmbedded(data);
  try {
    const [{ found }] = await database.query<{ found: string | null }>(
      "select to_regclass('trinephron.audit')::text as found",
    );
    if (found !== null) return database;
    throw new TrinephronError(
      "E_DATABASE",
      "the database has no audit log",
      "it is made when this version of the service starts for the first time",
    );
  } catch (error) {
    await database.close();
    throw error;
  }
}
