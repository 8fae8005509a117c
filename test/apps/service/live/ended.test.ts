import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { beginSession } from "../../../../src/apps/service/access/sessions.ts";
import { addToken, revokeToken } from "../../../../src/apps/service/access/tokens.ts";
import { byCommandLine } from "../../../../src/apps/service/audit/actor.ts";
import { auditPage, lastAudit } from "../../../../src/apps/service/audit/readAudit.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import { anAccess } from "../access/anAccess.ts";
import { removeAccounts } from "../access/removeAccounts.ts";
import { aServer } from "../http/aServer.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aStream } from "./aStream.ts";

const studyUid = "1.2.826.56.1";
const dayMs = 86_400_000;
let database: Database;
let server: Server;
let url: string;
/** How far the server's clock is ahead. */
let ahead = 0;
const now = () => Date.now() + ahead;
let names = 0;

beforeAll(async () => {
  const made = await anIntake();
  database = made.intake.database;
  // A sign of life every 0.3 s.
  ({ server } = await aServer(made, { now }, { idleSeconds: 1 }));
  await server.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  await database.query("insert into trinephron.studies (study_uid, state) values ($1, 'queued')", [studyUid]);
});
afterAll(async () => {
  await server.close();
  await removeAccounts(database);
});

interface Asker {
  readonly name: string;
  readonly headers: Record<string, string>;
}
/** Somebody who is signed in. */
async function aReader(): Promise<Asker> {
  const name = `reader${++names}`;
  const [{ id }] = await database.query<{ id: number }>(
    "insert into trinephron.accounts (name, role) values ($1, 'reader') returning id",
    [name],
  );
  const secret = await beginSession(database, id, anAccess(database, { now }).sessions);
  return { name, headers: { cookie: `trinephron=${secret}` } };
}
async function aToken(): Promise<Asker> {
  const name = `program${++names}`;
  const secret = await addToken(database, { name, scopes: ["studies:read"], days: 1 }, byCommandLine, now);
  return { name, headers: { authorization: `Bearer ${secret}` } };
}

test.each<[string, () => Promise<Asker>, (name: string) => Promise<unknown>]>([
  ["its session does", aReader, () => database.query("delete from trinephron.sessions")],
  [
    "its account is disabled",
    aReader,
    (name) => database.query("update trinephron.accounts set disabled = true where name = $1", [name]),
  ],
  [
    "its role may see no studies any more",
    aReader,
    (name) => database.query("update trinephron.accounts set role = 'auditor' where name = $1", [name]),
  ],
  [
    "nothing else was asked for long, for no session goes on by it",
    aReader,
    async () => (ahead += 31 * 60_000),
  ],
  ["its token is revoked", aToken, (name) => revokeToken(database, name, byCommandLine)],
  ["its token expires", aToken, async () => (ahead += 2 * dayMs)],
])("a stream ends when %s", async (_, who, end) => {
  const { name, headers } = await who();
  const streams = await Promise.all(
    ["events", `${studyUid}/events`].map((path) => aStream(`${url}/api/studies/${path}`, headers)),
  );
  for (const each of streams) await each.until(": alive");
  await end(name);
  for (const each of streams) expect(await each.until()).toMatch(/event: ended\ndata: {}\n\n$/);
});

test("looking at a stream and opening it again does not keep a session", async () => {
  const { headers } = await aReader();
  const again = async () => {
    const opened = await aStream(`${url}/api/studies/events`, headers);
    opened.close();
    return opened.response.status;
  };
  ahead += 20 * 60_000;
  expect(await again()).toBe(200);
  ahead += 20 * 60_000;
  expect(await again()).toBe(401);
});

test("the audit log tells of a stream once: where no page of the study has told it already", async () => {
  const [reader, program] = [await aReader(), await aToken()];
  const before = await lastAudit(database);
  const stream = async (headers: Record<string, string>) =>
    (await aStream(`${url}/api/studies/${studyUid}/events`, headers)).close();
  await fetch(`${url}/studies/${studyUid}`, { headers: reader.headers });
  for (let twice = 0; twice < 2; twice++) {
    await stream(reader.headers);
    await stream(program.headers);
  }
  const entry = { action: "study viewed", studyUid };
  expect(await auditPage(database, { after: before }, 10)).toMatchObject([
    { ...entry, actor: reader.name, way: "page" },
    { ...entry, actor: `token ${program.name}`, way: "API" },
  ]);
  ahead += 61 * 60_000;
  const later = await lastAudit(database);
  await stream(program.headers);
  expect(await auditPage(database, { after: later }, 10)).toMatchObject([entry]);
});
