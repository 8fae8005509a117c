import type { Pool, PoolClient, QueryResult } from "pg";
import { TrinephronError } from "../../../base/errors.ts";
import { library } from "../library.ts";
import type { Database, Row } from "./database.ts";
import { listenOn } from "./listenOn.ts";

/** Connections of one process: requests of pages, images coming in, the queue. */
const connections = 10;

/**
 * A PostgreSQL server, for several processes on any number of machines.
 * @param url `postgres://user:password@host:port/name`
 * @throws E_DATABASE where it cannot be reached, E_LIBRARY
 */
export async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await library("pg", () => import("pg"));
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 10_000 });
  // A connection that breaks while nobody uses it is replaced at the next statement.
  pool.on("error", () => {});
  try {
    await pool.query("select 1");
  } catch (cause) {
    await pool.end();
    const { code, message } = cause as { code?: string; message: string };
    throw new TrinephronError(
      "E_DATABASE",
      `${withoutPassword(url)}: ${message || code}`,
      "is the server running, and are name, user and password right?",
      { cause },
    );
  }
  return {
    kind: "postgres",
    query: (text, values) => run(pool, text, values),
    transaction: async (work) => {
      const client = await pool.connect().catch((error) => {
        throw away(error);
      });
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        const result = await work({ query: (text, values) => run(client, text, values) });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((failed) => (broken = failed));
        throw error;
      } finally {
        client.release(broken);
      }
    },
    listen: (channel, onNotice) =>
      listenOn(() => new pg.Client({ connectionString: url }), channel, onNotice),
    close: () => pool.end(),
  };
}

async function run<R extends Row>(
  on: Pool | PoolClient,
  text: string,
  values?: readonly unknown[],
): Promise<R[]> {
  const result: QueryResult | QueryResult[] = await (values?.length
    ? on.query(text, [...values])
    : on.query(text)
  ).catch((error) => {
    throw isAway(error) ? away(error) : error;
  });
  // Several statements at once give a result each.
  return (Array.isArray(result) ? result : [result]).flatMap(({ rows }) => rows);
}

/**
 * Whether the server is not there, or not now, rather than that it refuses a statement: what it says itself has a
 * severity, and classes of codes tell of connections, resources and shutting down (PostgreSQL, appendix A).
 */
const isAway = ({ severity, code = "" }: { readonly severity?: string; readonly code?: string }): boolean =>
  severity === undefined || /^(08|53|57P)/.test(code);

const away = (cause: unknown) =>
  new TrinephronError("E_DATABASE", "the database cannot be reached", "try again", { cause });

/** A database's address as it may be shown. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password !== "") parsed.password = "…";
    parsed.search = "";
    return decodeURI(parsed.href);
  } catch {
    return "postgres://…";
  }
}
