import { TrinephronError } from "../../../base/errors.ts";
import { type Link, misfit, start } from "./chain.ts";
import type { AuditEntry } from "./entry.ts";

export interface Verified {
  readonly entries: number;
  /** Of the last entry. Who keeps it elsewhere finds out later whether the end was cut off. */
  readonly head: string;
}

/**
 * Goes through a whole audit log.
 * @param pages from the first entry to the last
 * @param head hash that was noted elsewhere, and has to be in the log
 * @throws E_AUDIT at the first entry that does not fit, or where the noted hash is not there
 */
export async function verifyAudit(
  pages: AsyncIterable<readonly AuditEntry[]> | Iterable<readonly AuditEntry[]>,
  head?: string,
): Promise<Verified> {
  let before: Link = start;
  let isFound = head === undefined || head === start.hash;
  for await (const page of pages)
    for (const entry of page) {
      const why = misfit(entry, before);
      if (why !== undefined)
        throw new TrinephronError(
          "E_AUDIT",
          `entry ${entry.id} of ${entry.moment} (${entry.action}): ${why}`,
          "keep a copy of the database as it is, and compare it with its backups",
        );
      before = entry;
      isFound ||= entry.hash === head;
    }
  if (!isFound)
    throw new TrinephronError(
      "E_AUDIT",
      `after entry ${before.id}, the last: the hash ${head} is not in the log`,
      "its end was cut off, it was written anew, or the hash is of another log",
    );
  return { entries: before.id, head: before.hash };
}
