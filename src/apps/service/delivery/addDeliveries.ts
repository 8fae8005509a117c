import type { PgBoss } from "pg-boss";
import type { Statements } from "../database/database.ts";
import type { AnswerJob } from "../queue/openQueue.ts";
import { sendDelivery } from "./deliveryQueue.ts";

/**
 * Has a study's new result delivered. What earlier results of it have not reached a destination yet never will.
 * @param statements of the transaction that keeps the result
 */
export async function addDeliveries(
  statements: Statements,
  queue: PgBoss,
  { study, attempt }: AnswerJob,
  destinations: Iterable<string>,
): Promise<void> {
  await statements.query(
    `update trinephron.deliveries set state = 'superseded', changed_at = now()
     where study_id = $1 and state in ('waiting', 'failed')`,
    [study],
  );
  for (const destination of destinations) {
    const [{ id }] = await statements.query<{ id: number }>(
      "insert into trinephron.deliveries (study_id, destination, attempt, state) values ($1, $2, $3, 'waiting') returning id",
      [study, destination, attempt],
    );
    await sendDelivery(statements, queue, { id, study, destination }, 0);
  }
}
