import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Role, roles, scopes } from "../../../../src/apps/service/access/policy.ts";
import { beginSession } from "../../../../src/apps/service/access/sessions.ts";
import { addToken } from "../../../../src/apps/service/access/tokens.ts";
import { byCommandLine } from "../../../../src/apps/service/audit/actor.ts";
import { auditPage, lastAudit } from "../../../../src/apps/service/audit/readAudit.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import { anAccess } from "../access/anAccess.ts";
import { removeAccounts } from "../access/removeAccounts.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aServer } from "./aServer.ts";

const read = "reader physician administrator local studies:read";
const change = "physician administrator local studies:write";
const deliveries = "physician administrator local studies:read";
const replay = "administrator local deliveries:replay";
const log = "auditor local audit:read";
const manage = "administrator";
const own = roles.join(" ");
const anyone = [...roles, ...scopes, "nobody", "local", "expired"].join(" ");

/** Who may use which route. */
const allowed: Readonly<Record<string, string>> = {
  "GET /": read,
  "GET /account": own,
  "POST /account/password": own,
  "GET /accounts": manage,
  "POST /accounts": manage,
  "GET /accounts/:name": manage,
  "POST /accounts/:name/disable": manage,
  "POST /accounts/:name/enable": manage,
  "POST /accounts/:name/password": manage,
  "POST /accounts/:name/remove": manage,
  "POST /accounts/:name/role": manage,
  "GET /api/audit": log,
  "GET /api/deliveries": deliveries,
  "POST /api/deliveries/:id/replay": replay,
  "POST /api/deliveries/replay": replay,
  "GET /api/openapi.json": read,
  "GET /api/studies": read,
  "GET /api/studies/:uid": read,
  "DELETE /api/studies/:uid": "administrator local studies:delete",
  "POST /api/studies/:uid/cancel": change,
  "GET /api/studies/:uid/events": read,
  "POST /api/studies/:uid/retry": change,
  "GET /api/studies/events": read,
  "GET /audit": log,
  "GET /audit/export": log,
  "GET /deliveries": deliveries,
  "POST /deliveries/:id/replay": replay,
  "POST /deliveries/replay": replay,
  "POST /dicomweb/studies": "images:send local",
  "POST /dicomweb/studies/:uid": "images:send local",
  "GET /healthz": anyone,
  "GET /live.js": read,
  "GET /metrics": "administrator local metrics:read",
  "GET /readyz": anyone,
  "GET /signin": anyone,
  "POST /signin": anyone,
  "POST /signout": anyone,
  "GET /studies/:uid": read,
  "POST /studies/:uid/cancel": change,
  "GET /studies/:uid/files/:name": read,
  "POST /studies/:uid/retry": change,
  "POST /tokens": manage,
  "POST /tokens/:name/revoke": manage,
};
const routes = Object.keys(allowed).map((route) => route.split(" "));

let server: Server;
let database: Database;
/** Without accounts. */
let early: Record<string, number> = {};
const tokens: Record<string, string> = {};
const accounts: Partial<Record<Role, number>> = {};

const ask = async (method: string, url: string, headers: Record<string, string>) => {
  const answer = await server.inject({
    method: method as "GET",
    url: url
      .replace(":uid", "1.2.3")
      .replace(":name", "ghost")
      .replace(":id", "7")
      .replace(/export$/, "export?format=jsonl"),
    headers: { host: "127.0.0.1:8080", "sec-fetch-site": "same-origin", ...headers },
    // A stream of events has no end.
    payloadAsStream: url === "/api/studies/events",
  });
  if (answer.headers["content-type"]?.startsWith("text/event-stream")) answer.stream().destroy();
  return answer;
};

beforeAll(async () => {
  const made = await anIntake();
  database = made.intake.database;
  ({ server } = await aServer(made));
  early = Object.fromEntries(
    await Promise.all(
      routes.map(async ([method, url]) => [`${method} ${url}`, (await ask(method, url, {})).statusCode]),
    ),
  );
  for (const role of roles) {
    const [{ id }] = await database.query<{ id: number }>(
      "insert into trinephron.accounts (name, role) values ($1, $1) returning id",
      [role],
    );
    accounts[role] = id;
  }
  for (const scope of scopes)
    tokens[scope] = await addToken(
      database,
      { name: scope.replace(":", "."), scopes: [scope], days: 1 },
      byCommandLine,
    );
  tokens.expired = await addToken(
    database,
    { name: "expired", scopes, days: 1 },
    byCommandLine,
    () => Date.now() - 2 * 86_400_000,
  );
});
afterAll(async () => {
  await server.close();
  await removeAccounts(database);
});

/** Headers of one of these. */
async function shown(who: string): Promise<Record<string, string>> {
  if (who in tokens) return { authorization: `Bearer ${tokens[who]}` };
  const account = accounts[who as Role];
  if (account === undefined) return {};
  const secret = await beginSession(database, account, anAccess(database).sessions);
  return { cookie: `other=1; trinephron=${secret}` };
}

test("every route is in this test's table", () => {
  const served = server.actions.filter(({ method }) => method !== "HEAD");
  expect(served.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(Object.keys(allowed).sort());
});

const who = [...roles, ...scopes, "expired", "nobody"];
describe.each(who)("%s", (name) => {
  test.each(routes)("%s %s", async (method, url) => {
    const { statusCode } = await ask(method, url, await shown(name));
    const isKnown = name !== "nobody" && name !== "expired";
    if (allowed[`${method} ${url}`].split(" ").includes(name)) expect([401, 403]).not.toContain(statusCode);
    else expect(statusCode).toBe(isKnown ? 403 : 401);
  });
});

test.each(routes)("without accounts, whoever uses this machine: %s %s", (method, url) => {
  const status = early[`${method} ${url}`];
  if (allowed[`${method} ${url}`].split(" ").includes("local")) expect([401, 403]).not.toContain(status);
  else expect(status).toBe(403);
});

test("HEAD shows no more than GET", async () => {
  expect((await ask("HEAD", "/", await shown("auditor"))).statusCode).toBe(403);
  expect((await ask("HEAD", "/", {})).statusCode).toBe(401);
});

test("a route that does not say what it does is not taken", async () => {
  const other = (await aServer(await anIntake())).server;
  expect(other.actions.length).toBeGreaterThan(0);
  await other.close();
  const { default: fastify } = await import("fastify");
  const { authorize } = await import("../../../../src/apps/service/http/authorize.ts");
  const bare = fastify() as unknown as Server;
  authorize(bare, anAccess(database));
  expect(() => bare.get("/secret", async () => "all of it")).toThrow("/secret does not say what it does");
});

test("who is known and refused is in the audit log, and who is not is not", async () => {
  const before = await lastAudit(database);
  await ask("GET", "/accounts", await shown("reader"));
  await ask("GET", "/studies/1.2.3", await shown("images:send"));
  await ask("GET", "/studies/1.2.3", {});
  const noted = await auditPage(database, { after: before }, 10);
  expect(noted).toMatchObject([
    {
      actor: "reader",
      way: "page",
      address: "127.0.0.1",
      action: "request refused",
      detail: '{"code":"E_FORBIDDEN","method":"GET","route":"/accounts"}',
    },
    { actor: "token images.send", action: "request refused", studyUid: "" },
  ]);
});

test("an answer says what is missing, in one line", async () => {
  const nobody = await ask("GET", "/api/studies", {});
  expect(nobody.headers["www-authenticate"]).toBe('Bearer realm="trinephron"');
  expect(nobody.json()).toMatchObject({ code: "E_SIGN_IN", message: "nobody is signed in" });
  const reader = await ask("GET", "/accounts", await shown("reader"));
  expect(reader.json()).toMatchObject({
    code: "E_FORBIDDEN",
    message: "the role reader may not manage accounts",
  });
  const browser = await ask("GET", "/studies/1.2.3?a=b", { accept: "text/html" });
  expect([browser.statusCode, browser.headers.location]).toEqual([
    303,
    "/signin?next=%2Fstudies%2F1.2.3%3Fa%3Db",
  ]);
});

test("once there were accounts the service does not open again", async () => {
  await database.query("update trinephron.accounts set disabled = true");
  expect((await ask("GET", "/", {})).statusCode).toBe(401);
  const [rows] = [await database.query("delete from trinephron.accounts returning id")];
  expect(rows.length).toBe(4);
  expect((await ask("GET", "/", {})).statusCode).toBe(401);
});
