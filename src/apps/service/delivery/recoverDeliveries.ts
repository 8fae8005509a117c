import type { PgBoss } from "pg-boss";
import type { Database } from "../database/database.ts";
import { addEvent } from "../studies/events.ts";
import { type DeliveryJob, deliveryQueue, sendDelivery } from "./deliveryQueue.ts";

interface Options {
  readonly database: Database;
  readonly queue: PgBoss;
}
interface Found {
  readonly id: number;
  readonly study: number;
  readonly destination: string;
  readonly [column: string]: unknown;
}

/**
 * For the start of a service whose database is embedded: whatever was under way then is sent by nobody now. Without it a
 * delivery would wait until its process's silence is noticed.
 * @returns how many are tried again
 */
export async function recoverDeliveries(
  { database, queue }: Options,
  destinations: Iterable<string>,
): Promise<number> {
  const begun = await database.query<Found>(
    `update trinephron.deliveries set began_at = null
     where state = 'waiting' and began_at is not null and destination = any($1::text[])
     returning id, study_id as study, destination`,
    [[...destinations]],
  );
  for (const each of begun) {
    const name = deliveryQueue(each.destination);
    // It keeps others of the same study from being taken.
    for (const { id, state } of await queue.findJobs(name, { key: String(each.study) }))
      if (state === "active") await queue.cancel(name, id);
    await sendDelivery(database, queue, each, 0);
  }
  return begun.length;
}

/** A delivery that should have been tried so long ago is looked at, seconds. */
const stillSeconds = 300;

/**
 * Finds deliveries that no job is about any more, and gives them one; and gives up those to a destination that nobody
 * sends to, as where it was taken out of the settings. To be called now and then by each process.
 * @param giveUpSeconds how long a delivery is tried
 */
export async function sweepDeliveries(
  { database, queue }: Options,
  destinations: Iterable<string>,
  giveUpSeconds: number,
): Promise<void> {
  const still = await database.query<Found>(
    `select id, study_id as study, destination from trinephron.deliveries
     where state = 'waiting' and destination = any($1::text[])
       and greatest(next_at, changed_at) < now() - make_interval(secs => $2) order by id limit 1000`,
    [[...destinations], stillSeconds],
  );
  for (const each of still) {
    const jobs = await queue.findJobs<DeliveryJob>(deliveryQueue(each.destination), {
      key: String(each.study),
    });
    const isAlive = jobs.some(
      ({ data, state }) => data.delivery === each.id && ["created", "retry", "active"].includes(state),
    );
    if (!isAlive) await sendDelivery(database, queue, each, 0);
  }
  const [code, reason] = ["E_UNREACHABLE", "no process sends to this destination"];
  await database.transaction(async (statements) => {
    const given = await statements.query<Found>(
      `update trinephron.deliveries set state = 'failed', code = $2, reason = $3, changed_at = now()
       where state = 'waiting' and destination <> all($1::text[]) and since < now() - make_interval(secs => $4)
         and greatest(next_at, changed_at) < now() - interval '2 hours'
       returning id, study_id as study, destination`,
      [[...destinations], code, reason, giveUpSeconds],
    );
    for (const { study, destination } of given)
      await addEvent(statements, study, "not delivered", { code, detail: `to ${destination}: ${reason}` });
  });
}
