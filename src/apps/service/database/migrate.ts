import { TrinephronError } from "../../../base/errors.ts";
import type { Database, Statements } from "./database.ts";
import type { Migration } from "./migration.ts";
import { studies } from "./migrations/0001-studies.ts";
import { deliveries } from "./migrations/0002-deliveries.ts";
import { rules } from "./migrations/0003-rules.ts";
import { audit } from "./migrations/0004-audit.ts";
import { accounts } from "./migrations/0005-accounts.ts";
import { orthanc } from "./migrations/0006-orthanc.ts";
import { changes } from "./migrations/0007-changes.ts";
import { removals } from "./migrations/0008-removals.ts";

/**
 * All changes of the tables, in their order. One that was published is never edited: a change is a file of its own. Each is
 * applied where it is missing, also one that has a lower number than others that are there.
 */
const migrations: readonly Migration[] = [
  studies,
  deliveries,
  rules,
  audit,
  accounts,
  orthanc,
  changes,
  removals,
];

/** Any number that no other program takes for its locks. */
const advisoryLock = 7_336_471;

/**
 * Brings the tables to this version, each step in a transaction of its own, so that a step that fails leaves nothing.
 * Processes that begin at the same time wait for each other.
 * @returns the names of what was applied
 * @throws E_DATABASE for tables of a later version of trinephron
 */
export async function migrate(
  database: Database,
  steps: readonly Migration[] = migrations,
): Promise<string[]> {
  const applied: string[] = [];
  await database.transaction(async (statements) => {
    await statements.query("select pg_advisory_xact_lock($1)", [advisoryLock]);
    await listSteps(statements);
  });
  const [{ last }] = await database.query<{ last: number }>(
    "select coalesce(max(number), 0)::integer as last from trinephron.migrations",
  );
  const known = steps.at(-1)?.number ?? 0;
  if (last > known)
    throw new TrinephronError(
      "E_DATABASE",
      `the database is of a later version of trinephron: its tables are at step ${last}, this version knows ${known}`,
      "install that version, or restore the copy from before its installation",
    );
  for (const { number, name, sql } of steps)
    await database.transaction(async ({ query }) => {
      await query("select pg_advisory_xact_lock($1)", [advisoryLock]);
      const done = await query("select 1 from trinephron.migrations where number = $1", [number]);
      if (done.length > 0) return;
      await apply({ query }, { number, name, sql });
      applied.push(name);
    });
  return applied;
}

/** Makes the tables as they are after some steps, in a database that has none. @param statements of a transaction */
export async function applyAll(statements: Statements, steps: readonly Migration[]): Promise<void> {
  await listSteps(statements);
  for (const step of steps) await apply(statements, step);
}

/**
 * The steps of these numbers, in the order in which they are given.
 * @throws E_DATABASE for one that this version does not know
 */
export const stepsOf = (numbers: readonly Pick<Migration, "number" | "name">[]): Migration[] =>
  numbers.map(({ number, name }) => {
    const found = migrations.find((step) => step.number === number && step.name === name);
    if (found) return found;
    throw new TrinephronError(
      "E_DATABASE",
      `the tables are at step ${number}, ${name}, which this version of trinephron does not know`,
      "install the version that they are of",
    );
  });

const listSteps = ({ query }: Statements) =>
  query(`
    create schema if not exists trinephron;
    create table if not exists trinephron.migrations (
      number integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`);

async function apply({ query }: Statements, { number, name, sql }: Migration): Promise<void> {
  await query(sql);
  await query("insert into trinephron.migrations (number, name) values ($1, $2)", [number, name]);
}
