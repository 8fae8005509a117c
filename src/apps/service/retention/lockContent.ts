import { TrinephronError } from "../../../base/errors.ts";
import type { Statements } from "../database/database.ts";
import type { ContentStore } from "../pixels/contentStore.ts";

/** Any number that no other program takes for its locks. */
const advisoryLock = 7_336_473;

/**
 * Keeps files of a store from being removed, or from being put to use, until the transaction ends. Who needs rows locked
 * as well does that before, and appends to the audit log after.
 */
export const lockContent = async ({ query }: Statements, keys: readonly string[]): Promise<void> => {
  // In one order for all, lest two wait for each other.
  await query(
    `select pg_advisory_xact_lock($1, hash)
     from (select distinct hashtext(key) as hash from unnest($2::text[]) key order by 1) hashes`,
    [advisoryLock, [...keys]],
  );
};

/**
 * For a transaction that refers to files which were put into a store before: they stay there from here on.
 * @throws E_FILE_WRITE where one was removed in between, as with the study that had the same content
 */
export async function holdContent(
  statements: Statements,
  store: ContentStore,
  keys: readonly string[],
): Promise<void> {
  await lockContent(statements, keys);
  for (const key of keys)
    await store.local(key).catch((cause) => {
      throw new TrinephronError("E_FILE_WRITE", "a file was removed while it came in", "send it again", {
        cause,
      });
    });
}
