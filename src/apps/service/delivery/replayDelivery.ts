import type { PgBoss } from "pg-boss";
import { TrinephronError } from "../../../base/errors.ts";
import { type Actor, service } from "../audit/actor.ts";
import type { Database } from "../database/database.ts";
import { addEvent } from "../studies/events.ts";
import { sendDelivery } from "./deliveryQueue.ts";
import type { DeliveryState } from "./states.ts";

interface Options {
  readonly database: Database;
  readonly queue: PgBoss;
}

/** A superseded one is not sent again: it would replace what is later. */
export const mayReplay: readonly DeliveryState[] = ["waiting", "delivered", "failed"];

/**
 * Has a delivery tried now, and again for as long as a new one: after it was given up, before its time has come, or
 * though the destination had it.
 * @returns Study Instance UID
 * @throws E_STUDY where there is none, E_STATE where it was superseded, or its destination is not among these
 */
export function replayDelivery(
  { database, queue }: Options,
  id: number,
  destinations: Iterable<string>,
  by: Actor = service,
): Promise<string> {
  return database.transaction(async (statements) => {
    const [found] = await statements.query<{
      study: number;
      destination: string;
      state: DeliveryState;
      uid: string;
      is_latest: boolean;
    }>(
      `select d.study_id as study, d.destination, d.state, s.study_uid as uid, d.attempt = r.attempt as is_latest
       from trinephron.deliveries d join trinephron.studies s on s.id = d.study_id
       join trinephron.results r on r.study_id = d.study_id where d.id = $1 for update of d`,
      [id],
    );
    if (!found) throw new TrinephronError("E_STUDY", "no such delivery");
    const { study, destination, state, uid, is_latest } = found;
    if (!mayReplay.includes(state) || !is_latest)
      throw new TrinephronError("E_STATE", "a later result has taken its place", "send that one");
    if (![...destinations].includes(destination))
      throw new TrinephronError(
        "E_STATE",
        `the settings have no destination ${destination}`,
        "read the study again: its result goes to the destinations that there are now",
      );
    await statements.query(
      `update trinephron.deliveries set state = 'waiting', tries = 0, code = null, reason = null, since = now(),
         began_at = null, next_at = now(), changed_at = now() where id = $1`,
      [id],
    );
    await sendDelivery(statements, queue, { id, study, destination }, 0);
    await addEvent(statements, study, "sent again", {
      detail: `to ${destination}`,
      by,
      audit: { destination },
    });
    return uid;
  });
}

/**
 * {@link replayDelivery} of all that were given up, as after a destination was away for long.
 * @param destination of these alone
 * @returns how many
 */
export async function replayFailed(
  options: Options,
  destinations: readonly string[],
  destination: string | undefined,
  by: Actor = service,
): Promise<number> {
  const wanted =
    destination === undefined ? destinations : destinations.filter((name) => name === destination);
  const failed = await options.database.query<{ id: number }>(
    "select id from trinephron.deliveries where state = 'failed' and destination = any($1::text[]) order by id",
    [wanted],
  );
  let replayed = 0;
  for (const { id } of failed)
    try {
      await replayDelivery(options, id, destinations, by);
      replayed++;
    } catch (error) {
      // Meanwhile a later result has taken its place.
      if (!(error instanceof TrinephronError) || error.code !== "E_STATE") throw error;
    }
  return replayed;
}
