import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite, Transaction } from "@electric-sql/pglite";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";
import { library } from "../library.ts";
import type { Database, Row, Statements } from "./database.ts";
import { lockFolder } from "./folderLock.ts";

/**
 * PostgreSQL in this process, by PGlite: nothing else to install, one process at a time. What is committed survives the
 * end of the process, but not always a loss of power: PGlite does not wait for the disk.
 * @param folder made where it is missing
 * @throws E_LOCKED where another process has it open, E_FILE_WRITE, E_LIBRARY, E_DATABASE where it is damaged
 */
export async function openEmbedded(folder: string): Promise<Database> {
  const { PGlite } = await library("@electric-sql/pglite", () => import("@electric-sql/pglite"));
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(error, folder, "E_FILE_WRITE");
  });
  // PGlite lets two processes open one folder, and destroy it.
  const lock = await lockFolder(join(folder, "database.lock"));
  const path = join(folder, "database");
  try {
    const opened = await PGlite.create(path);
    return databaseOf(opened, () => lock.release());
  } catch (cause) {
    await lock.release();
    throw new TrinephronError(
      "E_DATABASE",
      `${path}: cannot be opened`,
      "restore it from a copy, or move it away and start anew: the images of the data folder are taken into a new one",
      { cause },
    );
  }
}

function databaseOf(opened: PGlite, released: () => Promise<void>): Database {
  return {
    kind: "embedded",
    query: async (text, values) => {
      try {
        return await run(opened, text, values);
      } catch (error) {
        // Several statements may have begun a transaction that the failed one leaves open, on the only connection.
        await opened.exec("ROLLBACK").catch(() => {});
        throw error;
      }
    },
    transaction: (work) =>
      opened.transaction((transaction) =>
        work({ query: (text, values) => run(transaction, text, values) } satisfies Statements),
      ),
    listen: async (channel, onNotice) => {
      const unlisten = await opened.listen(channel, onNotice);
      return () => unlisten();
    },
    close: async () => {
      await opened.close();
      await released();
    },
  };
}

async function run<R extends Row>(
  on: PGlite | Transaction,
  text: string,
  values?: readonly unknown[],
): Promise<R[]> {
  if (values?.length) return (await on.query<R>(text, [...values])).rows;
  return (await on.exec(text)).flatMap(({ rows }) => rows as R[]);
}
