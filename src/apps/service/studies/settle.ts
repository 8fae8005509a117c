import type { PgBoss } from "pg-boss";
import type { Database, Statements } from "../database/database.ts";
import { queues, type SettleJob } from "../queue/openQueue.ts";
import { queueDatabase } from "../queue/queueDatabase.ts";
import { enqueue } from "./enqueue.ts";
import { addEvent } from "./events.ts";
import type { StudyState } from "./states.ts";

export interface SettleOptions {
  readonly database: Database;
  readonly queue: PgBoss;
  /** A study is complete when no image came for so long. */
  readonly settleSeconds: number;
}

/** Looks at a study after a while; of several such jobs for one study that lie in the queue there is one. */
export const sendSettle = (statements: Statements, queue: PgBoss, study: number, seconds: number) =>
  queue.send(queues.settle, { study } satisfies SettleJob, {
    singletonKey: String(study),
    startAfter: Math.ceil(seconds),
    db: queueDatabase(statements),
  });

/** Puts a study in the queue where no image came for long enough; else looks again when that could be. */
export function settle({ database, queue, settleSeconds }: SettleOptions, study: number): Promise<void> {
  return database.transaction(async (statements) => {
    const [found] = await statements.query<{ state: StudyState; quiet: number; images: number }>(
      // The moment of each statement, for `now()` is that of the transaction, and images may have come while it waited.
      `select state, extract(epoch from clock_timestamp() - last_image_at)::float8 as quiet, revision as images
       from trinephron.studies where id = $1 for update`,
      [study],
    );
    if (found?.state !== "waiting") return;
    const left = settleSeconds - found.quiet;
    if (left > 0) return void (await sendSettle(statements, queue, study, left));
    await addEvent(statements, study, "complete", { detail: `${found.images} images` });
    await enqueue(statements, queue, study);
  });
}
