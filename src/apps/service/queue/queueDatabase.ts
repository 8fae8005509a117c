import type { Db } from "pg-boss";
import type { Statements } from "../database/database.ts";

/** A database, or a transaction of it, as pg-boss takes it: jobs sent through a transaction are committed with it. */
export const queueDatabase = ({ query }: Statements): Db => ({
  executeSql: async (text, values) => ({ rows: await query(text, values) }),
});
