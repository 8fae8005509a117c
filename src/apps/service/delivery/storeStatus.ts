import { later, refused, type Sent, taken } from "./sent.ts";

/** Statuses after which a later try may succeed: processing failure, not authorized, resource limitation. */
const passing = new Set([0x0110, 0x0124, 0x0213]);

/**
 * What a status of C-STORE (PS3.4 table B.2-1, PS3.7 annex C), or a failure reason of STOW-RS, which is one of them, says:
 * Bxxx are warnings about an object that was stored, A7xx say that resources are short.
 */
export function outcomeOfStatus(status: number): Sent {
  if (status === 0 || status >> 12 === 0xb || status === 0x0107 || status === 0x0116) return taken;
  // It has been there before, and to send it again changes nothing.
  if (status === 0x0111) return taken;
  const reason = `status ${status.toString(16).toUpperCase().padStart(4, "0")} of storing`;
  return passing.has(status) || status >> 8 === 0xa7 ? later(reason) : refused(reason);
}

/** What is to be said of several objects. */
export const worst = (outcomes: readonly Sent[]): Sent =>
  outcomes.find(({ outcome }) => outcome === "refused") ??
  outcomes.find(({ outcome }) => outcome === "later") ??
  taken;
