import { createHash } from "node:crypto";
import type { AuditEntry } from "./entry.ts";

/** The end of a chain so far. */
export type Link = Pick<AuditEntry, "id" | "hash">;

/** What the first entry follows. */
export const start: Link = { id: 0, hash: "0".repeat(64) };

/**
 * SHA-256 of an entry, hexadecimal. The canonical text is a JSON array of all that it says, in this order, in UTF-8 and
 * without white space; its first value is the hash of the entry before, and so each hash vouches for all that came earlier.
 */
export const hashOf = (entry: Omit<AuditEntry, "hash">): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        entry.previous,
        entry.id,
        entry.moment,
        entry.actor,
        entry.way,
        entry.aeTitle,
        entry.address,
        entry.action,
        entry.studyUid,
        entry.request,
        entry.detail,
      ]),
    )
    .digest("hex");

/** Why an entry does not follow on what came before; undefined where it does. */
export function misfit(entry: AuditEntry, before: Link): string | undefined {
  if (entry.id !== before.id + 1)
    return before.id === 0
      ? `it follows on nothing, where entry 1 should be the first`
      : `it follows on entry ${before.id}: what was between them is missing, or it was put in`;
  if (entry.previous !== before.hash)
    return before.id === 0
      ? "it says that another came before the first"
      : `it was written after another entry ${before.id} than the one that is there now`;
  if (entry.hash !== hashOf(entry)) return "what it says is not what its hash was made of";
  return undefined;
}
