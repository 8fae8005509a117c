import type { PgBoss } from "pg-boss";
import type { Statements } from "../database/database.ts";
import { heartbeatSeconds } from "../queue/openQueue.ts";
import { queueDatabase } from "../queue/queueDatabase.ts";

export interface DeliveryJob {
  readonly delivery: number;
}

/** The longest that a delivery may be under way, seconds: longer than any destination's own limit. */
const expireInSeconds = 2 * 3600;

/** Each destination has a queue of its own: one that is away keeps none of the others waiting. */
export const deliveryQueue = (destination: string): string => `study-delivery.${destination}`;

/** Makes the queues of destinations, where they are missing. */
export async function openDeliveryQueues(queue: PgBoss, destinations: Iterable<string>): Promise<void> {
  for (const destination of destinations)
    await queue.createQueue(deliveryQueue(destination), {
      // Of one study's results one is under way at a time, so that an earlier one never arrives after a later.
      policy: "singleton",
      heartbeatSeconds,
      expireInSeconds,
      // Tries are counted with the delivery, which knows how long to wait; these are for workers that end.
      retryLimit: 3,
      retryDelay: 5,
    });
}

/** Has a delivery tried after a while. @param statements of the transaction that decides it */
export const sendDelivery = (
  statements: Statements,
  queue: PgBoss,
  { id, study, destination }: { readonly id: number; readonly study: number; readonly destination: string },
  seconds: number,
) =>
  queue.send(deliveryQueue(destination), { delivery: id } satisfies DeliveryJob, {
    singletonKey: String(study),
    startAfter: Math.ceil(seconds),
    db: queueDatabase(statements),
  });
