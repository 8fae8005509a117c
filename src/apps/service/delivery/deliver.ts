import type { PgBoss } from "pg-boss";
import { TrinephronError } from "../../../base/errors.ts";
import type { Database } from "../database/database.ts";
import type { ContentStore } from "../pixels/contentStore.ts";
import { backoffSeconds } from "./backoff.ts";
import { type ClaimedDelivery, claimDelivery } from "./claimDelivery.ts";
import { concludeDelivery, type DeliveryEnd } from "./concludeDelivery.ts";
import type { Send } from "./sender.ts";
import { later, type Sent } from "./sent.ts";

export interface Delivering {
  readonly database: Database;
  readonly queue: PgBoss;
  readonly results: ContentStore;
  /** How long a delivery is tried before it is given up, seconds. */
  readonly giveUpSeconds: number;
}

/** What became of a job about a delivery. */
export interface DeliveryReport {
  readonly delivery: number;
  /** Waiting: tried again later. Over: it was not to be tried, or has been superseded meanwhile. */
  readonly outcome: DeliveryEnd["state"] | "handed back" | "over";
  readonly code?: string | undefined;
  /** What nobody expected. */
  readonly error?: unknown;
}

/**
 * Tries a delivery once, and notes what it came to. A process that is killed meanwhile leaves it waiting, and it is sent
 * once more: destinations know a result by its UIDs.
 * @param signal once aborted the try ends and counts for nothing
 */
export async function deliver(
  delivering: Delivering,
  send: Send,
  delivery: number,
  signal: AbortSignal,
): Promise<DeliveryReport> {
  const claimed = await claimDelivery(delivering.database, delivery, delivering.giveUpSeconds);
  if (!claimed) return { delivery, outcome: "over" };
  const { sent, error } = await tried(delivering, send, claimed, signal);
  const isStopped = signal.aborted && sent.outcome !== "taken";
  const end = isStopped ? handedBack : endOf(sent, claimed, error);
  const isMine = await concludeDelivery(delivering, claimed, end);
  return {
    delivery,
    outcome: !isMine ? "over" : isStopped ? "handed back" : end.state,
    code: end.state === "delivered" ? undefined : end.code,
    error,
  };
}

const handedBack: DeliveryEnd = {
  state: "waiting",
  code: "E_INTERRUPTED",
  reason: "the service was stopped",
  seconds: 0,
};

async function tried(
  { results }: Delivering,
  send: Send,
  { result }: ClaimedDelivery,
  signal: AbortSignal,
): Promise<{ readonly sent: Sent; readonly error?: unknown }> {
  try {
    return { sent: await send(result, results, signal) };
  } catch (error) {
    const isLost = error instanceof TrinephronError && error.code === "E_FILE_MISSING";
    return {
      // The store may lie on a disk that is away for a while.
      sent: later(isLost ? "a file of the result is not there" : "an unexpected error, which the log tells"),
      error,
    };
  }
}

/** @param error that sending threw, and not a destination's answer */
function endOf(sent: Sent, { tries, isLast }: ClaimedDelivery, error: unknown): DeliveryEnd {
  if (sent.outcome === "taken") return { state: "delivered" };
  const { reason } = sent;
  if (sent.outcome === "refused") return { state: "failed", code: "E_REFUSED", reason };
  const code =
    error === undefined ? "E_UNREACHABLE" : error instanceof TrinephronError ? error.code : "E_RUNTIME";
  if (isLast) return { state: "failed", code, reason };
  return {
    state: "waiting",
    code,
    reason,
    seconds: backoffSeconds(tries, sent.afterSeconds, Math.random()),
  };
}
