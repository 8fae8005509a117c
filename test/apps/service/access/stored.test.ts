import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addAccount,
  changeAccount,
  listAccounts,
  removeAccount,
} from "../../../../src/apps/service/access/accounts.ts";
import {
  beginSession,
  endSession,
  type SessionLimits,
  signedBy,
} from "../../../../src/apps/service/access/sessions.ts";
import { addToken, listTokens, revokeToken, tokenBy } from "../../../../src/apps/service/access/tokens.ts";
import { byCommandLine } from "../../../../src/apps/service/audit/actor.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import { openDatabase } from "../../../../src/apps/service/database/openDatabase.ts";
import { kinds, type PostgresServer, startPostgres } from "../databases.ts";
import { anIntake } from "../intake/anIntake.ts";
import { removeAccounts } from "./removeAccounts.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-accounts-"));
let server: PostgresServer | undefined;
afterAll(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const by = byCommandLine;

describe.each(kinds)("who may come in: %s", (kind) => {
  let database: Database;
  let at = Date.UTC(2026, 0, 1);
  const limits: SessionLimits = { idleMs: 60_000, totalMs: 300_000, now: () => at };
  beforeAll(async () => {
    if (kind === "postgres") server = await startPostgres();
    database = server ? await openDatabase(server.url, folder) : (await anIntake()).intake.database;
  });
  beforeEach(() => removeAccounts(database));
  afterAll(async () => {
    await removeAccounts(database);
    if (server) await database.close();
  });
  /** Accounts without the time that a password takes. */
  const insert = async (name: string, role: string): Promise<number> => {
    const [{ id }] = await database.query<{ id: number }>(
      "insert into trinephron.accounts (name, role) values ($1, $2) returning id",
      [name, role],
    );
    return id;
  };
  const E = (code: string) => expect.objectContaining({ code });

  test("an account has a name that no other has, whatever its capitals, and no password that can be read", async () => {
    await addAccount(database, { name: "Ada", role: "administrator", password: "correct horse" }, by);
    const [ada] = await listAccounts(database);
    expect(ada).toMatchObject({ name: "ada", role: "administrator", disabled: false, external: false });
    const again = addAccount(database, { name: "ADA", role: "reader", password: "battery staple" }, by);
    await expect(again).rejects.toThrow(E("E_ACCOUNT"));
    for (const name of ["service", "local", "", "a b", "token x", "x".repeat(65), "-a"])
      await expect(
        addAccount(database, { name, role: "reader", password: "battery staple" }, by),
      ).rejects.toThrow(E("E_USAGE"));
    const kept = JSON.stringify(await database.query("select * from trinephron.accounts"));
    expect(kept).not.toContain("correct horse");
    await expect(changeAccount(database, "nobody", { disabled: true }, by)).rejects.toThrow(E("E_ACCOUNT"));
  });

  test("of administrators one is left, though two are changed at once", async () => {
    for (const name of ["a", "b", "c"]) await insert(name, name === "c" ? "reader" : "administrator");
    const both = await Promise.allSettled([
      changeAccount(database, "a", { role: "reader" }, by),
      removeAccount(database, "b", by),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const left = (await listAccounts(database)).filter(({ role }) => role === "administrator");
    expect(left.length).toBe(1);
    await expect(changeAccount(database, left[0].name, { disabled: true }, by)).rejects.toThrow(E("E_STATE"));
    await changeAccount(database, "c", { role: "administrator" }, by);
    await removeAccount(database, left[0].name, by);
  });

  test("a session goes on while something is asked, and ends in the end", async () => {
    const secret = await beginSession(database, await insert("ada", "reader"), limits);
    const ada = { name: "ada", role: "reader" };
    for (let minute = 0; minute < 5; minute++) {
      at += 59_000;
      expect(await signedBy(database, secret, limits)).toEqual(ada);
    }
    at += 6_000;
    expect(await signedBy(database, secret, limits)).toBeUndefined();
  });

  test("a session ends when nothing is asked, and at the next sign-in of anybody it is removed", async () => {
    const account = await insert("ada", "reader");
    const secret = await beginSession(database, account, limits);
    at += 60_001;
    expect(await signedBy(database, secret, limits)).toBeUndefined();
    await beginSession(database, account, limits);
    expect(await database.query("select 1 from trinephron.sessions")).toHaveLength(1);
  });

  test("a session ends by leaving, by a new password, when the account is disabled, and with it", async () => {
    const account = await insert("ada", "reader");
    await insert("root", "administrator");
    const begun = () => beginSession(database, account, limits);
    const [first, second] = [await begun(), await begun()];
    expect(first).not.toBe(second);
    expect(await endSession(database, first)).toBe("ada");
    expect(await signedBy(database, first, limits)).toBeUndefined();
    expect(await signedBy(database, second, limits)).toBeDefined();
    await changeAccount(database, "ada", { role: "physician" }, by);
    expect(await signedBy(database, second, limits)).toMatchObject({ role: "physician" });
    await changeAccount(database, "ada", { password: "battery staple" }, by);
    expect(await signedBy(database, second, limits)).toBeUndefined();
    const third = await begun();
    await changeAccount(database, "ada", { disabled: true }, by);
    await changeAccount(database, "ada", { disabled: false }, by);
    expect(await signedBy(database, third, limits)).toBeUndefined();
    const fourth = await begun();
    await removeAccount(database, "ada", by);
    expect(await signedBy(database, fourth, limits)).toBeUndefined();
    expect(JSON.stringify(await database.query("select * from trinephron.sessions"))).not.toContain(fourth);
  });

  test("a token is good for its time and until it is revoked, and is not kept", async () => {
    const secret = await addToken(
      database,
      { name: "PACS", scopes: ["images:send", "studies:read"], days: 2 },
      by,
      limits.now,
    );
    const told = { name: "pacs", scopes: ["studies:read", "images:send"] };
    expect(await tokenBy(database, secret, limits.now)).toEqual(told);
    expect(await tokenBy(database, `${secret}x`, limits.now)).toBeUndefined();
    expect(await listTokens(database)).toMatchObject([told]);
    expect(JSON.stringify(await database.query("select * from trinephron.tokens"))).not.toContain(
      secret.slice(12),
    );
    const twice = addToken(database, { name: "pacs", scopes: ["audit:read"], days: 2 }, by);
    await expect(twice).rejects.toThrow(E("E_ACCOUNT"));
    at += 2 * 86_400_000;
    expect(await tokenBy(database, secret, limits.now)).toBeUndefined();
    at -= 1;
    expect(await tokenBy(database, secret, limits.now)).toBeDefined();
    await revokeToken(database, "pacs", by);
    expect(await tokenBy(database, secret, limits.now)).toBeUndefined();
    await expect(revokeToken(database, "pacs", by)).rejects.toThrow(E("E_ACCOUNT"));
  });
});
