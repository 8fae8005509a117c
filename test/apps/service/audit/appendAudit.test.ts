import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byPage, service } from "../../../../src/apps/service/audit/actor.ts";
import { appendAudit } from "../../../../src/apps/service/audit/appendAudit.ts";
import { auditPage, auditPages } from "../../../../src/apps/service/audit/readAudit.ts";
import { verifyAudit } from "../../../../src/apps/service/audit/verifyAudit.ts";
import type { Database, Statements } from "../../../../src/apps/service/database/database.ts";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import { kinds, type PostgresServer, startPostgres } from "../databases.ts";
import { anIntake } from "../intake/anIntake.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-audit-"));
let server: PostgresServer | undefined;
afterAll(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(kinds)("an audit log: %s", (kind) => {
  let database: Database;
  let before: number;
  beforeAll(async () => {
    if (kind === "postgres") server = await startPostgres();
    database = server ? await openDatabase(server.url, folder) : (await anIntake()).intake.database;
    before = (await verifyAudit(auditPages(database))).entries;
  });
  afterAll(() => (server ? database.close() : undefined));
  const append = (n: number) =>
    database.transaction((statements) =>
      appendAudit(statements, {
        by: byPage,
        action: "study viewed",
        studyUid: `1.2.${n}`,
        detail: { 'ß"': n },
      }),
    );

  test("those who append at the same time come one after another, and what is undone leaves nothing", async () => {
    const undone = database.transaction(async (statements) => {
      await appendAudit(statements, { by: service, action: "result answered" });
      throw new Error("undone");
    });
    const appended = Array.from({ length: 20 }, (_, n) => append(n));
    await expect(undone).rejects.toThrow("undone");
    await Promise.all(appended);
    expect(await verifyAudit(auditPages(database))).toMatchObject({ entries: before + 20 });
    const entries = await auditPage(database, { after: before }, 100);
    expect(new Set(entries.map(({ studyUid }) => studyUid)).size).toBe(20);
    expect(entries[0]).toMatchObject({
      id: before + 1,
      moment: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      actor: "local",
      way: "page",
      detail: expect.stringMatching(/^\{"ß\\"":\d+\}$/),
    });
    const { moment } = entries[19];
    const isFrom = await auditPage(database, { after: before + 19, from: moment }, 100);
    expect(isFrom).toEqual([entries[19]]);
    expect(await auditPage(database, { after: before + 19, to: moment }, 100)).toEqual([]);
  });

  test.each([
    "update trinephron.audit set actor = 'nobody'",
    "delete from trinephron.audit where id = 1",
    "truncate trinephron.audit",
  ])("the database refuses: %s", async (statement) => {
    await expect(database.query(statement)).rejects.toThrow("only appended to");
  });

  /** What somebody may do who owns the database; undone afterwards. */
  const tampered = async (statement: string) => {
    let found: unknown;
    const work = async (statements: Statements) => {
      await statements.query("alter table trinephron.audit disable trigger all");
      await statements.query(statement);
      found = await verifyAudit(auditPages(statements)).catch((error) => error);
      throw new Error("undone");
    };
    await expect(database.transaction(work)).rejects.toThrow("undone");
    return found;
  };

  test.each([
    ["update trinephron.audit set actor = 'nobody' where id = $id", 3],
    ["update trinephron.audit set moment = moment - interval '1 millisecond' where id = $id", 3],
    ["update trinephron.audit set moment = 'infinity' where id = $id", 3],
    ["delete from trinephron.audit where id = $id", 4],
  ])("is found where somebody goes around that: %s", async (statement, entry) => {
    expect(await tampered(statement.replace("$id", `${before + 3}`))).toMatchObject({
      code: "E_AUDIT",
      message: expect.stringMatching(new RegExp(`^entry ${before + entry} of `)),
    });
  });
});
