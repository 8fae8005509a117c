import type { PgBoss } from "pg-boss";
import type { Statements } from "../database/database.ts";
import { type AnswerJob, queues } from "../queue/openQueue.ts";
import { queueDatabase } from "../queue/queueDatabase.ts";
import { addEvent } from "./events.ts";

/**
 * Puts a study in the queue of those to be read, as a new attempt: what an earlier one may still find is dropped.
 * @param statements of a transaction
 */
export async function enqueue(statements: Statements, queue: PgBoss, study: number): Promise<void> {
  const [{ attempt }] = await statements.query<{ attempt: number }>(
    `update trinephron.studies set state = 'queued', attempt = attempt + 1, queued_at = now(), changed_at = now(),
       reason_code = null, reason = null where id = $1 returning attempt`,
    [study],
  );
  await addEvent(statements, study, "queued");
  await queue.send(queues.answer, { study, attempt } satisfies AnswerJob, {
    singletonKey: String(study),
    db: queueDatabase(statements),
  });
}
