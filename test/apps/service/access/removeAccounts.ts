import type { Database } from "../../../../src/apps/service/database/database.ts";

/** As a service that has none, for the next test file that uses the database. */
export const removeAccounts = async ({ query }: Database): Promise<void> => {
  await query("delete from trinephron.accounts; delete from trinephron.tokens");
};
