import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addAccount, changeAccount, listAccounts } from "../../../../src/apps/service/access/accounts.ts";
import { claimOf, openOidc, roleOf } from "../../../../src/apps/service/access/oidc.ts";
import { byCommandLine } from "../../../../src/apps/service/audit/actor.ts";
import { auditPage, lastAudit } from "../../../../src/apps/service/audit/readAudit.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import { oidcSettings } from "../../../../src/apps/service/settings/oidcSettings.ts";
import { aProvider, type MadeProvider } from "../access/aProvider.ts";
import { removeAccounts } from "../access/removeAccounts.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aServer } from "./aServer.ts";

const url = "http://127.0.0.1:8080";
const secret = "a secret of the client";
let provider: MadeProvider;
let server: Server;
let lines: readonly string[];
let database: Database;
let at = Date.now();

beforeAll(async () => {
  const made = await anIntake();
  database = made.intake.database;
  provider = await aProvider(secret, `${url}/signin/oidc/callback`);
  const settings = oidcSettings.parse({
    issuer: provider.issuer,
    clientId: "service",
    secretVariable: "SECRET",
    url: `${url}/`,
    roles: { "ct-admins": "administrator", "ct-readers": "reader" },
  });
  const oidc = await openOidc(settings, { SECRET: secret });
  ({ server, lines } = await aServer(made, { isReachable: true, now: () => at }, { oidc }));
  await addAccount(
    database,
    { name: "root", role: "administrator", password: "correct horse" },
    byCommandLine,
  );
});
afterAll(async () => {
  await server.close();
  provider.close();
  await removeAccounts(database);
});

const get = (path: string, cookie = "") =>
  server.inject({ url: path, headers: { host: "127.0.0.1:8080", accept: "text/html", cookie } });
const cookies = ({ headers }: Awaited<ReturnType<typeof get>>) =>
  [headers["set-cookie"] ?? []].flat().map((each) => each.split(";")[0]);
const told = ({ body }: Awaited<ReturnType<typeof get>>) =>
  parseHTML(body).document.querySelector("main .banner")?.textContent;

/** To the provider and back. */
async function signIn(who: string | undefined, next = "/") {
  const begun = await get(`/signin/oidc?next=${encodeURIComponent(next)}`);
  const [flow] = cookies(begun);
  const back = await provider.visit(String(begun.headers.location), who);
  return { flow, path: back.slice(url.length), answer: await get(back.slice(url.length), flow) };
}

describe("a provider signs in", () => {
  test("whom it gives a role, by an account that is made then", async () => {
    provider.people.s1 = { preferred_username: "Ada", roles: ["others", "ct-readers"] };
    const page = parseHTML((await get("/signin?next=/studies/1.2")).body).document;
    expect(page.querySelector("a.button")?.getAttribute("href")).toBe("/signin/oidc?next=%2Fstudies%2F1.2");
    const before = await lastAudit(database);
    const { answer } = await signIn("s1", "/studies/1.2");
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/studies/1.2"]);
    expect(answer.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^trinephron=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^trinephron-oidc=; .*Max-Age=0$/),
    ]);
    const [session] = cookies(answer);
    expect((await get("/", session)).body).toContain("ada</a>, reader");
    expect((await get("/accounts", session)).statusCode).toBe(403);
    const entries = await auditPage(database, { after: before }, 2);
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ["account added", "ada"],
      ["signed in", "ada"],
    ]);
  });

  test("by the role that it gives now, under the same name", async () => {
    provider.people.s1 = { preferred_username: "ada.lovelace", roles: "ct-admins" };
    const [session] = cookies((await signIn("s1")).answer);
    expect((await get("/accounts", session)).statusCode).toBe(200);
    expect(await listAccounts(database)).toMatchObject([
      { name: "ada", role: "administrator", external: true },
      { name: "root", external: false },
    ]);
  });

  test("nobody without a role, and ends the sessions of whoever had one", async () => {
    const [session] = cookies((await signIn("s1")).answer);
    provider.people.s1 = { preferred_username: "ada", roles: ["others"] };
    const { answer } = await signIn("s1");
    expect([answer.statusCode, told(answer)]).toEqual([
      403,
      "E_FORBIDDEN: the provider signed you in, but names no role here for you — ask whoever gives roles there",
    ]);
    expect((await get("/", session)).statusCode).toBe(303);
    const [entry] = await auditPage(database, { after: (await lastAudit(database)) - 1 }, 1);
    expect(entry).toMatchObject({ action: "sign-in refused", detail: '{"why":"no role","account":"ada"}' });
  });

  test("nobody by the name of another account, or without a name", async () => {
    provider.people.s2 = { preferred_username: "root", roles: ["ct-admins"] };
    const { answer } = await signIn("s2");
    expect([answer.statusCode, told(answer)]).toEqual([409, expect.stringContaining("another account root")]);
    provider.people.s3 = { roles: ["ct-readers"] };
    expect((await signIn("s3")).answer.statusCode).toBe(409);
    expect((await listAccounts(database)).length).toBe(2);
  });

  test("nobody whose account is disabled here", async () => {
    provider.people.s1 = { preferred_username: "ada", roles: ["ct-readers"] };
    await changeAccount(database, "ada", { disabled: true }, byCommandLine);
    expect((await signIn("s1")).answer.statusCode).toBe(403);
    await changeAccount(database, "ada", { disabled: false }, byCommandLine);
    expect((await signIn("s1")).answer.statusCode).toBe(303);
    await expect(
      changeAccount(database, "ada", { password: "battery staple" }, byCommandLine),
    ).rejects.toMatchObject({ code: "E_STATE" });
  });
});

describe("refused is", () => {
  test("who does not sign in there", async () => {
    const { answer } = await signIn(undefined);
    expect([answer.statusCode, told(answer)]).toEqual([
      401,
      "E_SIGN_IN: the provider did not sign anybody in — try again",
    ]);
  });

  test("what comes back in another browser, twice, too late, or changed", async () => {
    const { flow, path, answer } = await signIn("s1");
    expect(answer.statusCode).toBe(303);
    expect((await get(path)).statusCode).toBe(401);
    expect((await get(path, flow)).statusCode).toBe(401);
    const begun = await get("/signin/oidc");
    const [own] = cookies(begun);
    const back = (await provider.visit(String(begun.headers.location), "s1")).slice(url.length);
    expect((await get(back, flow)).statusCode).toBe(401);
    expect((await get(back.replace("state=", "state=x"), own)).statusCode).toBe(401);
    expect((await get(back, "trinephron-oidc=bm9uc2Vuc2U")).statusCode).toBe(401);
    at += 11 * 60_000;
    expect((await get(back, own)).statusCode).toBe(401);
  });

  test("another site as the way on", async () => {
    expect((await signIn("s1", "//evil.example")).answer.headers.location).toBe("/");
  });

  test.each([
    ["an issuer that is not reached by TLS", { issuer: "http://provider.example" }],
    ["a role that is none", { roles: { a: "king" } }],
    ["no role", { roles: {} }],
    ["a scope without openid", { scope: "profile" }],
  ])("settings: %s", (_, own) => {
    const right = {
      issuer: "https://a.example",
      clientId: "a",
      url: "https://b.example",
      roles: { a: "reader" },
    };
    expect(oidcSettings.safeParse(right).success).toBe(true);
    expect(oidcSettings.safeParse({ ...right, ...own }).success).toBe(false);
  });
});

test("a provider that is away is told, and asked again by the next who signs in", async () => {
  const settings = oidcSettings.parse({
    issuer: "http://127.0.0.1:1",
    clientId: "service",
    url,
    roles: { a: "reader" },
  });
  const oidc = await openOidc(settings, {});
  await expect(oidc.begin()).rejects.toMatchObject({ code: "E_UNREACHABLE" });
  await expect(openOidc({ ...settings, secretVariable: "NONE" }, {})).rejects.toMatchObject({
    code: "E_USAGE",
  });
});

test("roles are the first that a claim has, wherever it is", () => {
  const roles = { admins: "administrator", readers: "reader" } as const;
  const claims = { "a.b": "readers", realm_access: { roles: ["x", "readers", "admins"] } };
  expect(roleOf(claimOf(claims, "realm_access.roles"), roles)).toBe("administrator");
  expect(roleOf(claimOf(claims, "a.b"), roles)).toBe("reader");
  for (const name of [
    "none",
    "realm_access.roles.length.x",
    "realm_access",
    "__proto__.a",
    "constructor.name",
  ])
    expect(roleOf(claimOf(claims, name), roles)).toBeUndefined();
});

test("secrets and codes are not logged", () => {
  const text = lines.join("");
  expect(text).toContain('"route":"/signin/oidc/callback"');
  expect(text).not.toMatch(/code=|state=|a secret of the client/);
});
