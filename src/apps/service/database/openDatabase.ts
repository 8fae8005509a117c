import { TrinephronError } from "../../../base/errors.ts";
import type { Database } from "./database.ts";
import { openEmbedded } from "./embeddedDatabase.ts";
import { migrate } from "./migrate.ts";
import { openPostgres } from "./postgresDatabase.ts";

/**
 * The service's database with all its tables.
 * @param url of a PostgreSQL server; undefined: one embedded in `folder`
 * @throws E_USAGE for another kind of URL, E_LOCKED, E_DATABASE, E_LIBRARY, E_FILE_WRITE
 */
export async function openDatabase(url: string | undefined, folder: string): Promise<Database> {
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url))
    throw new TrinephronError(
      "E_USAGE",
      "--database: not a URL of PostgreSQL",
      "as postgres://user@host/name",
    );
  const database = url === undefined ? await openEmbedded(folder) : await openPostgres(url);
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
