import type { PgBoss } from "pg-boss";
import type { Database, Statements } from "../database/database.ts";
import { type AnswerJob, queues } from "../queue/openQueue.ts";
import { enqueue } from "./enqueue.ts";
import { addEvent } from "./events.ts";
import { sendSettle } from "./settle.ts";

/** After so many workers that ended over one study's images, it is the study that ends them. */
const mostInterruptions = 5;

interface Options {
  readonly database: Database;
  readonly queue: PgBoss;
}

/**
 * For the start of a service whose database is embedded: whatever was read then is read by nobody now, for no other
 * process has the database. Without it a study would wait until its worker's silence is noticed.
 * @returns how many were put in the queue again
 */
export async function recoverReading({ database, queue }: Options): Promise<number> {
  const found = await database.query<{ id: number }>(
    "select id from trinephron.studies where state = 'reading' order by id",
  );
  for (const { id } of found)
    await database.transaction((statements) => readAgain(statements, queue, id, "reading"));
  return found.length;
}

/** A study that lies still for so long is looked at, seconds. */
const stillSeconds = 300;

/**
 * Finds studies that no job is about any more, as where a job was lost with all its tries, and gives them one. To be
 * called now and then by each process.
 * @returns how many there were
 */
export async function sweep({ database, queue }: Options): Promise<number> {
  const still = await database.query<{
    id: number;
    attempt: number;
    state: "waiting" | "queued" | "reading";
  }>(
    `select id, attempt, state from trinephron.studies where state in ('waiting', 'queued', 'reading')
       and changed_at < now() - make_interval(secs => $1) order by id limit 1000`,
    [stillSeconds],
  );
  let given = 0;
  for (const { id, attempt, state } of still) {
    if (state === "waiting") {
      await sendSettle(database, queue, id, 0);
      continue;
    }
    const jobs = await queue.findJobs<AnswerJob>(queues.answer, { key: String(id) });
    const isAlive = jobs.some(
      ({ data, state: of }) => data.attempt === attempt && ["created", "retry", "active"].includes(of),
    );
    if (isAlive) continue;
    given++;
    await database.transaction((statements) => readAgain(statements, queue, id, state));
  }
  return given;
}

async function readAgain(
  statements: Statements,
  queue: PgBoss,
  study: number,
  state: "queued" | "reading",
): Promise<void> {
  const { query } = statements;
  const mine = await query("select 1 from trinephron.studies where id = $1 and state = $2 for update", [
    study,
    state,
  ]);
  if (mine.length === 0) return;
  await addEvent(statements, study, "interrupted", { detail: "its worker ended" });
  // Since the last images came, or somebody asked to try again.
  const [{ times }] = await query<{ times: number }>(
    `select count(*)::integer as times from trinephron.events where study_id = $1 and kind = 'interrupted' and id >
       coalesce((select max(id) from trinephron.events where study_id = $1 and kind in ('complete', 'retry')), 0)`,
    [study],
  );
  if (times < mostInterruptions) return enqueue(statements, queue, study);
  const reason = `its worker ended ${times} times while the study was read`;
  await query(
    "update trinephron.studies set state = 'failed', reason_code = 'E_RUNTIME', reason = $2, changed_at = now() where id = $1",
    [study, reason],
  );
  await addEvent(statements, study, "failed", { code: "E_RUNTIME", detail: reason });
}
