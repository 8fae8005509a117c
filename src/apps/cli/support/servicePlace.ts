import type { Command } from "commander";
import { openPlace } from "../../service/access/openPlace.ts";
import type { AuditPlace } from "../../service/audit/openAudit.ts";
import type { Database } from "../../service/database/database.ts";

/** Options of commands about a service's database, as commander parses them. */
export interface PlaceOptions extends AuditPlace {
  readonly json?: boolean;
}

/** Adds where the service's database is, and `--json`. */
export const withPlaceOptions = (command: Command): Command =>
  command
    .option("--data <folder>", "data folder of the service, which must not run meanwhile")
    .option("--database <url>", "its PostgreSQL, as postgres://user@host/name")
    .option("--json", "machine-readable result on stdout, all else on stderr");

/** Does something with the database, and closes it. @param mayBegin whether it is made where there is none */
export async function inPlace<T>(
  place: AuditPlace,
  work: (database: Database) => Promise<T>,
  mayBegin = false,
): Promise<T> {
  const database = await openPlace(place, mayBegin);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
