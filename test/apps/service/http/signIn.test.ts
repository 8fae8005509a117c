import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addAccount, changeAccount } from "../../../../src/apps/service/access/accounts.ts";
import { byCommandLine } from "../../../../src/apps/service/audit/actor.ts";
import { auditPage, lastAudit } from "../../../../src/apps/service/audit/readAudit.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import { removeAccounts } from "../access/removeAccounts.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aServer } from "./aServer.ts";

let server: Server;
let lines: readonly string[];
let database: Database;
let at = Date.UTC(2026, 0, 1);
const minute = 60_000;
const password = "correct horse battery";
const page = { host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080", accept: "text/html" };

beforeAll(async () => {
  const made = await anIntake();
  database = made.intake.database;
  ({ server, lines } = await aServer(made, { now: () => at }));
  for (const [name, role] of [
    ["root", "administrator"],
    ["ada", "reader"],
    ["eve", "auditor"],
  ] as const)
    await addAccount(database, { name, role, password }, byCommandLine);
});
afterAll(async () => {
  await server.close();
  await removeAccounts(database);
});

const form = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  server.inject({
    method: "POST",
    url,
    headers: { ...page, "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
const signIn = (name: string, own: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  form("/signin", { name, password, ...own }, headers);
const get = (url: string, cookie = "") => server.inject({ url, headers: { ...page, cookie } });
/** Its name and value. */
const cookieOf = ({ headers }: Awaited<ReturnType<typeof signIn>>) =>
  String(headers["set-cookie"]).split(";")[0];
/** What is noted by the way. */
async function noted(work: () => Promise<unknown>) {
  const before = await lastAudit(database);
  await work();
  return auditPage(database, { after: before }, 20);
}

describe("a session", () => {
  test("begins with name and password, and its cookie is for this server alone", async () => {
    const [entry] = await noted(async () => {
      const answer = await signIn("Ada ", { next: "/studies/1.2.3" });
      expect([answer.statusCode, answer.headers.location]).toEqual([303, "/studies/1.2.3"]);
      expect(answer.headers["set-cookie"]).toMatch(/^trinephron=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
      const worklist = await get("/", cookieOf(answer));
      expect(worklist.statusCode).toBe(200);
      const { document } = parseHTML(worklist.body);
      expect(document.querySelector("form.whobar")?.textContent).toContain("ada, reader");
      expect(worklist.body).not.toMatch(/There are no accounts|href="\/accounts"/);
    });
    expect(entry).toMatchObject({ action: "signed in", actor: "ada", way: "page", address: "127.0.0.1" });
  });

  test("begins with the page that an account may see", async () => {
    const answer = await signIn("eve");
    expect(answer.headers.location).toBe("/audit");
    const log = await get("/audit", cookieOf(answer));
    expect(parseHTML(log.body).document.querySelector("tbody")?.textContent).toContain("signed in");
  });

  test("is a new one, whatever the browser showed before, which ends", async () => {
    const first = cookieOf(await signIn("ada"));
    const planted = cookieOf(await signIn("ada", {}, { cookie: "trinephron=chosen-by-somebody-else" }));
    expect(planted).not.toContain("chosen");
    const second = cookieOf(await signIn("ada", {}, { cookie: first }));
    expect(new Set([first, planted, second]).size).toBe(3);
    expect((await get("/", first)).statusCode).toBe(303);
    expect((await get("/", second)).statusCode).toBe(200);
  });

  test("ends by signing out, without which it ends by time", async () => {
    const cookie = cookieOf(await signIn("ada"));
    const entries = await noted(async () => {
      const out = await form("/signout", {}, { cookie });
      expect([out.statusCode, out.headers.location]).toEqual([303, "/signin"]);
      expect(out.headers["set-cookie"]).toBe("trinephron=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    });
    expect(entries).toMatchObject([{ action: "signed out", actor: "ada" }]);
    expect((await get("/", cookie)).headers.location).toBe("/signin?next=%2F");
    const idle = cookieOf(await signIn("ada"));
    at += 29 * minute;
    expect((await get("/", idle)).statusCode).toBe(200);
    at += 31 * minute;
    expect((await get("/", idle)).statusCode).toBe(303);
  });

  test("ends when the account gets another password, by itself or by an administrator, and when it is disabled", async () => {
    const ada = cookieOf(await signIn("ada"));
    const wrong = await form(
      "/account/password",
      { current: "no", password: "another long one" },
      { cookie: ada },
    );
    expect(wrong.statusCode).toBe(401);
    const short = await form("/account/password", { current: password, password: "short" }, { cookie: ada });
    expect(short.statusCode).toBe(400);
    const changed = await form(
      "/account/password",
      { current: password, password: "another long one" },
      { cookie: ada },
    );
    expect(changed.headers.location).toBe("/signin");
    expect((await get("/", ada)).statusCode).toBe(303);
    const again = cookieOf(await signIn("ada", { password: "another long one" }));
    const root = cookieOf(await signIn("root"));
    const entries = await noted(async () => {
      const set = await form("/accounts/ada/password", { password }, { cookie: root });
      expect(set.headers.location).toBe("/accounts");
    });
    expect(entries).toMatchObject([
      { action: "account changed", actor: "root", detail: '{"account":"ada","password":"changed"}' },
    ]);
    expect((await get("/", again)).statusCode).toBe(303);
    const last = cookieOf(await signIn("ada"));
    await form("/accounts/ada/disable", {}, { cookie: root });
    expect((await get("/", last)).statusCode).toBe(303);
    expect((await signIn("ada")).statusCode).toBe(401);
    await form("/accounts/ada/enable", {}, { cookie: root });
  });

  test("of a service that speaks TLS is sent by TLS alone", async () => {
    const secure = await aServer(await anIntake(), { isSecure: true, isReachable: true });
    try {
      const answer = await secure.server.inject({
        method: "POST",
        url: "/signin",
        headers: {
          host: "ct.example.org",
          "sec-fetch-site": "same-origin",
          "content-type": "application/x-www-form-urlencoded",
        },
        payload: new URLSearchParams({ name: "root", password }).toString(),
      });
      const text = String(answer.headers["set-cookie"]);
      expect(text).toMatch(/^__Host-trinephron=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
      expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
      const worklist = (cookie: string) =>
        secure.server.inject({ url: "/", headers: { host: "ct.example.org", cookie } });
      expect((await worklist(text.split(";")[0])).statusCode).toBe(200);
      // One that another host of the domain could have set.
      expect((await worklist(text.split(";")[0].replace("__Host-", ""))).statusCode).toBe(401);
    } finally {
      await secure.server.close();
    }
  });
});

describe("sign-in is refused", () => {
  test("alike where the password is wrong, and where there is no such account or it is disabled", async () => {
    await changeAccount(database, "eve", { disabled: true }, byCommandLine);
    const entries = await noted(async () => {
      const told = async (name: string, own: string) => {
        const { statusCode, body } = await signIn(name, { password: own });
        return { statusCode, text: parseHTML(body).document.querySelector("main .banner")?.textContent };
      };
      const [wrong, unknown, disabled] = [
        await told("root", "a wrong password"),
        await told("nobody-here", password),
        await told("eve", password),
      ];
      expect(wrong).toEqual({
        statusCode: 401,
        text: "E_SIGN_IN: name and password do not fit — try again",
      });
      expect(unknown).toEqual(wrong);
      expect(disabled).toEqual(wrong);
    });
    await changeAccount(database, "eve", { disabled: false }, byCommandLine);
    expect(entries.map(({ action, actor, detail }) => [action, actor, detail])).toEqual([
      ["sign-in refused", "nobody", '{"account":"root","why":"password"}'],
      ["sign-in refused", "nobody", '{"why":"no such account"}'],
      ["sign-in refused", "nobody", '{"account":"eve","why":"disabled"}'],
    ]);
  });

  test("takes as long where there is no such account", async () => {
    const times: Record<string, number> = { root: 0, nobody: 0 };
    for (let n = 0; n < 3; n++)
      for (const name of Object.keys(times)) {
        const began = process.hrtime.bigint();
        await signIn(name === "root" ? name : `${name}-${n}`, { password: "a wrong password" });
        times[name] += Number(process.hrtime.bigint() - began);
        at += 60 * minute;
      }
    // An answer without a hash would take a hundredth.
    expect(times.nobody / times.root).toBeGreaterThan(0.3);
    expect(times.nobody / times.root).toBeLessThan(3);
  });

  test("after five tries for a time that grows, though the password is right; others may sign in", async () => {
    for (let n = 0; n < 5; n++) expect((await signIn("ada", { password: "wrong" })).statusCode).toBe(401);
    const entries = await noted(async () => {
      const waits = await signIn("ada");
      expect([waits.statusCode, waits.headers["retry-after"]]).toEqual([429, "1"]);
      expect(waits.body).toContain("E_BUSY");
      const program = await signIn("ada", {}, { accept: "application/json" });
      expect([program.statusCode, program.json().code]).toEqual([429, "E_BUSY"]);
    });
    expect(entries).toEqual([]);
    expect((await signIn("root")).statusCode).toBe(303);
    at += 1000;
    expect((await signIn("ada", { password: "wrong" })).statusCode).toBe(401);
    expect((await signIn("ada")).headers["retry-after"]).toBe("2");
    at += 2000;
    expect((await signIn("ada")).statusCode).toBe(303);
    expect((await signIn("ada", { password: "wrong" })).statusCode).toBe(401);
    expect((await signIn("ada")).statusCode).toBe(303);
  });

  test("where it would lead to another site, which it does not", async () => {
    for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
      const { document } = parseHTML((await get(`/signin?next=${encodeURIComponent(next)}`)).body);
      expect(document.querySelector("input[name=next]")?.getAttribute("value")).toBe("/");
      expect((await signIn("ada", { next })).headers.location).toBe("/");
    }
  });
});

describe("another site's page", () => {
  const foreign = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:9999" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    // A browser that says nothing is none that is known.
    { origin: "" },
  ];
  test.each(foreign)("does nothing by the session of whoever looks at it: %j", async (headers) => {
    const cookie = cookieOf(await signIn("root"));
    const entries = await noted(async () => {
      const own = { ...headers, cookie } as Record<string, string>;
      const { origin, ...without } = { ...page, "content-type": "application/x-www-form-urlencoded", ...own };
      const answer = await server.inject({
        method: "POST",
        url: "/accounts/ada/disable",
        headers: origin === "" ? without : { ...without, origin },
      });
      expect([answer.statusCode, parseHTML(answer.body).document.querySelector("h1")?.textContent]).toEqual([
        403,
        "E_ORIGIN",
      ]);
    });
    expect(entries).toMatchObject([{ action: "request refused", actor: "root" }]);
    expect((await get("/accounts", cookie)).body).not.toContain("disabled");
  });

  test("signs nobody in to an account of its own", async () => {
    expect((await signIn("ada", {}, { origin: "https://evil.example" })).statusCode).toBe(403);
  });
});

test("an administrator adds and removes accounts and tokens, and is shown a token once", async () => {
  const cookie = cookieOf(await signIn("root"));
  const added = await form("/accounts", { name: "Bob", role: "physician", password }, { cookie });
  expect(added.headers.location).toBe("/accounts");
  const list = parseHTML((await get("/accounts", cookie)).body).document;
  expect([...list.querySelectorAll("tbody th")].map((cell) => cell.textContent)).toEqual([
    "ada",
    "bob",
    "eve",
    "root",
  ]);
  await form("/accounts/bob/role", { role: "auditor" }, { cookie });
  expect((await get("/accounts/bob", cookie)).body).toContain("<dt>Role</dt><dd>auditor</dd>");
  await form("/accounts/bob/remove", {}, { cookie });
  expect((await get("/accounts/bob", cookie)).statusCode).toBe(409);
  const lastOne = await form("/accounts/root/remove", {}, { cookie });
  expect([lastOne.statusCode, lastOne.body.includes("no administrator would be left")]).toEqual([409, true]);
  expect((await form("/accounts", { name: "bob", role: "king", password }, { cookie })).statusCode).toBe(400);
  expect((await form("/tokens", { name: "pacs", days: "9" }, { cookie })).statusCode).toBe(400);
  const fields = { name: "pacs", days: "9", "studies:read": "on" };
  const made = parseHTML((await form("/tokens", fields, { cookie })).body).document;
  const secret = made.querySelector(".secret")?.textContent ?? "";
  const authorization = { authorization: `Bearer ${secret}`, host: page.host };
  expect((await server.inject({ url: "/api/studies", headers: authorization })).statusCode).toBe(200);
  expect((await get("/accounts", cookie)).body).not.toContain(secret);
  await form("/tokens/pacs/revoke", {}, { cookie });
  expect((await server.inject({ url: "/api/studies", headers: authorization })).statusCode).toBe(401);
});

test("requests beyond the limit are told when to ask again", async () => {
  const few = await aServer(await anIntake(), {}, { maxRequestsPerMinute: 2 });
  try {
    const asked = () => few.server.inject({ url: "/healthz", headers: { host: page.host } });
    expect([(await asked()).statusCode, (await asked()).statusCode]).toEqual([200, 200]);
    const refused = await asked();
    expect([refused.statusCode, refused.json().code]).toEqual([429, "E_BUSY"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  } finally {
    await few.server.close();
  }
});

test("secrets are neither logged nor noted, not even where they are wrong", async () => {
  const cookie = cookieOf(await signIn("ada"));
  await form("/signin", { name: password, password: "x".repeat(2000) });
  await server.inject({
    url: "/api/studies",
    headers: { ...page, authorization: "Bearer trinephron_wrong" },
  });
  const kept = JSON.stringify(await auditPage(database, {}, 10_000)) + lines.join("");
  expect(kept).toContain("signed in");
  for (const secret of [
    password,
    "another long one",
    "trinephron_wrong",
    "a wrong password",
    cookie.slice(11),
  ])
    expect(kept).not.toContain(secret);
});
