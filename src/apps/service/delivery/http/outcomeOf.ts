import { later, refused, type Sent, taken } from "../sent.ts";
import type { Answer } from "./post.ts";

/**
 * What these say is wrong lies in the body (RFC 9110 § 15.5): bad request, conflict, gone, too large, of a type that is
 * not supported, not to be processed. Other statuses of the kind are of the address or the rights, which somebody mends.
 */
const ofBody = new Set([400, 406, 409, 410, 411, 412, 413, 415, 422]);

/** @param now of a Retry-After that is a date, ms since 1970 */
export function outcomeOf({ status, retryAfter, text }: Answer, now = Date.now()): Sent {
  if (status >= 200 && status < 300) return taken;
  const reason = [`HTTP status ${status}`, text].filter((part) => part !== "").join(": ");
  return ofBody.has(status) ? refused(reason) : later(reason, secondsOf(retryAfter, now));
}

/** RFC 9110 § 10.2.3: seconds, or a date. */
function secondsOf(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}
