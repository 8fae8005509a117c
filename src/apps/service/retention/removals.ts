import type { Database, Statements } from "../database/database.ts";
import type { ContentStore } from "../pixels/contentStore.ts";
import { lockContent } from "./lockContent.ts";

export type StoreName = "images" | "results";
export type Stores = Readonly<Record<StoreName, ContentStore>>;

/**
 * Notes files to be removed, unless anything refers to them when their turn comes.
 * @param seconds before which they are left alone
 */
export const addRemovals = async (
  { query }: Statements,
  store: StoreName,
  keys: readonly string[],
  seconds = 0,
): Promise<void> => {
  await query(
    `insert into trinephron.removals (store, content_key, not_before)
     select $1, key, now() + make_interval(secs => $3) from unnest($2::text[]) key order by key
     on conflict (store, content_key) do update set not_before = excluded.not_before`,
    [store, [...keys], seconds],
  );
};

const isReferred: Readonly<Record<StoreName, string>> = {
  images: "select exists (select 1 from trinephron.instances where content_key = $1) as referred",
  results:
    "select exists (select 1 from trinephron.results where files @> jsonb_build_array(jsonb_build_object('key', $1::text))) as referred",
};

/** Files that are looked at in one call. */
const most = 10_000;

/**
 * Removes the files whose turn has come from their stores. Each is marked in the database until it is gone, so that what
 * breaks off is gone on with; one that something refers to stays.
 * @returns how many were removed
 * @throws E_FILE_WRITE
 */
export async function removeContents(database: Database, stores: Stores): Promise<number> {
  let removed = 0;
  const due = await database.query<{ store: StoreName; key: string }>(
    `select store, content_key as key from trinephron.removals where not_before <= now()
     order by not_before limit ${most}`,
  );
  for (const { store, key } of due)
    await database.transaction(async (statements) => {
      await lockContent(statements, [key]);
      const [{ referred }] = await statements.query<{ referred: boolean }>(isReferred[store], [key]);
      if (!referred) {
        await stores[store].remove(key);
        removed++;
      }
      await statements.query("delete from trinephron.removals where store = $1 and content_key = $2", [
        store,
        key,
      ]);
    });
  return removed;
}
