import type { Statements } from "../database/database.ts";

/**
 * Tables of the service, each after those that it refers to. The list of applied steps is no part of it: a restored
 * database makes its own. Neither are sessions: whoever was signed in signs in again.
 */
export async function tablesInOrder({ query }: Statements): Promise<string[]> {
  const names = await query<{ name: string }>(
    `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'trinephron' and c.relkind = 'r' and c.relname not in ('migrations', 'sessions') order by 1`,
  );
  const references = await query<{ from: string; to: string }>(
    `select f.relname::text as "from", t.relname::text as "to" from pg_constraint k
     join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     join pg_namespace n on n.oid = f.relnamespace
     where k.contype = 'f' and n.nspname = 'trinephron' and k.conrelid <> k.confrelid order by 1, 2`,
  );
  const ordered = new Set<string>();
  const add = (name: string) => {
    for (const { from, to } of references) if (from === name && !ordered.has(to)) add(to);
    ordered.add(name);
  };
  for (const { name } of names) add(name);
  return [...ordered];
}

/** Rows that are held at a time. */
const pageLength = 500;

/**
 * Rows of a table as JSON, a line each; all values as PostgreSQL writes them in JSON, whichever it is that runs.
 * @param statements of a transaction
 */
export async function* dumpTable({ query }: Statements, name: string): AsyncGenerator<string[]> {
  // In the order of the first column, its key, so that the same rows give the same file.
  await query(
    `declare dump no scroll cursor for select to_jsonb(t)::text as line from trinephron."${name}" t order by 1`,
  );
  for (;;) {
    const rows = await query<{ line: string }>(`fetch ${pageLength} from dump`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await query("close dump");
}

/** Puts rows into a table, in the shape of {@link dumpTable}; numbers that are given by the database are kept. */
export async function fillTable(
  { query }: Statements,
  name: string,
  lines: readonly string[],
): Promise<void> {
  await query(
    `insert into trinephron."${name}" overriding system value
     select * from jsonb_populate_recordset(null::trinephron."${name}", $1::jsonb)`,
    [`[${lines.join(",")}]`],
  );
}

/** Sets what gives the numbers of new rows behind those that were put in. */
export async function setNumbers({ query }: Statements, name: string): Promise<void> {
  const columns = await query<{ column: string }>(
    `select attname::text as column from pg_attribute
     where attrelid = $1::regclass and attidentity <> '' and not attisdropped`,
    [`trinephron."${name}"`],
  );
  for (const { column } of columns)
    await query(
      `select setval(pg_get_serial_sequence($1, $2), (select coalesce(max("${column}"), 0) + 1 from trinephron."${name}"), false)`,
      [`trinephron."${name}"`, column],
    );
}
