import type { PgBoss } from "pg-boss";
import type { Database } from "../database/database.ts";
import { addEvent } from "../studies/events.ts";
import type { ClaimedDelivery } from "./claimDelivery.ts";
import { sendDelivery } from "./deliveryQueue.ts";

/** What a try came to. */
export type DeliveryEnd =
  | { readonly state: "delivered" }
  /** It has been refused, or tried for too long: somebody has to look. */
  | { readonly state: "failed"; readonly code: string; readonly reason: string }
  /** It is tried again after so many seconds. */
  | { readonly state: "waiting"; readonly code: string; readonly reason: string; readonly seconds: number };

/**
 * Notes what a try came to, with the job of the next one.
 * @returns false where the delivery was not this try's any more: superseded, or replayed by a user
 */
export function concludeDelivery(
  { database, queue }: { readonly database: Database; readonly queue: PgBoss },
  claimed: ClaimedDelivery,
  end: DeliveryEnd,
): Promise<boolean> {
  const { id, study, destination, tries } = claimed;
  return database.transaction(async (statements) => {
    const [code, reason] = end.state === "delivered" ? [null, null] : [end.code, end.reason];
    const seconds = end.state === "waiting" ? end.seconds : 0;
    const mine = await statements.query(
      `update trinephron.deliveries set state = $3, code = $4, reason = $5, began_at = null, changed_at = now(),
         next_at = now() + make_interval(secs => $6)
       where id = $1 and state = 'waiting' and tries = $2 returning id`,
      [id, tries, end.state, code, reason, seconds],
    );
    if (mine.length === 0) return false;
    if (end.state === "waiting") await sendDelivery(statements, queue, claimed, seconds);
    else if (end.state === "delivered")
      await addEvent(statements, study, "delivered", {
        detail: `to ${destination}`,
        audit: { destination },
      });
    else
      await addEvent(statements, study, "not delivered", {
        code: end.code,
        detail: `to ${destination}: ${end.reason}`,
      });
    return true;
  });
}
