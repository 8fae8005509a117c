import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byPage } from "../../../src/apps/service/audit/actor.ts";
import { appendAudit } from "../../../src/apps/service/audit/appendAudit.ts";
import type { Database } from "../../../src/apps/service/database/database.ts";
import { openDatabase } from "../../../src/apps/service/database/openDatabase.ts";
import { embeddedFolder } from "../service/databases.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-audit-"));
const data = join(folder, "data");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** What a service does while it runs. */
async function served(work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(undefined, data);
  await work(database).finally(() => database.close());
}
beforeAll(async () => {
  await embeddedFolder(data);
  await served(async (database) => {
    for (const studyUid of ["1.2.1", "1.2.2", "1.2.3"])
      await database.transaction((statements) =>
        appendAudit(statements, { by: byPage, action: "study viewed", studyUid }),
      );
    const held = await here("audit", "verify", "--data", data);
    expect(held).toMatchObject({ status: 1, stderr: expect.stringMatching(/^E_LOCKED: /) });
  });
});
const out = (name: string) => join(folder, name);
const lines = (name: string) =>
  readFileSync(out(name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a log is written to a file, and checked until somebody changes it", async () => {
  const verified = await here("audit", "verify", "--data", data, "--json");
  const { entries, head } = JSON.parse(verified.stdout);
  expect({ status: verified.status, entries }).toEqual({ status: 0, entries: 3 });

  expect((await here("audit", "export", "--data", data, "--out", out("log.jsonl"))).status).toBe(0);
  expect(lines("log.jsonl").map(({ studyUid }) => studyUid)).toEqual(["1.2.1", "1.2.2", "1.2.3"]);
  expect(lines("log.jsonl")[2].hash).toBe(head);
  expect(statSync(out("log.jsonl")).mode & 0o077).toBe(0);
  const from = ["--format", "fhir", "--from", lines("log.jsonl")[1].moment];
  const fhir = await here("audit", "export", "--data", data, "--out", out("log.ndjson"), ...from);
  expect(fhir.stdout).toContain("log.ndjson: ");
  expect(lines("log.ndjson").at(-1)).toMatchObject({ resourceType: "AuditEvent", id: "audit-3" });

  const end = "delete from trinephron.audit where id = 3";
  await served((database) => database.query(`alter table trinephron.audit disable trigger all; ${end}`));
  const cut = await here("audit", "verify", "--data", data, "--head", head);
  expect(cut).toMatchObject({ status: 1, stderr: expect.stringMatching(/^E_AUDIT: after entry 2/) });
  await served((database) => database.query("delete from trinephron.audit where id = 1"));
  const removed = await here("audit", "verify", "--data", data);
  expect(removed).toMatchObject({ status: 1, stdout: "" });
  expect(removed.stderr).toMatch(/^E_AUDIT: entry 2 of .* \(study viewed\): it follows on nothing/);
});

test.each([
  ["E_USAGE", ["verify"]],
  ["E_USAGE", ["verify", "--data", data, "--database", "postgres://db/trinephron"]],
  ["E_USAGE", ["verify", "--data", data, "--head", "abc"]],
  ["E_USAGE", ["export", "--data", data, "--out", out("no"), "--from", "yesterday"]],
  ["E_USAGE", ["export", "--data", data, "--out", out("no"), "--to", "2026-01-31T08:00"]],
  ["E_FILE_MISSING", ["verify", "--data", out("nowhere")]],
  ["E_FILE_EXISTS", ["export", "--data", data, "--out", data]],
])("%s: audit %j", async (code, args) => {
  const { status, stderr } = await here("audit", ...args);
  expect({ status, code: stderr.split(":")[0] }).toEqual({ status: code === "E_USAGE" ? 2 : 1, code });
});
