import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "../../../src/apps/service/access/signIn.ts";
import { tokenBy } from "../../../src/apps/service/access/tokens.ts";
import { byCommandLine } from "../../../src/apps/service/audit/actor.ts";
import { auditPage } from "../../../src/apps/service/audit/readAudit.ts";
import { openDatabase } from "../../../src/apps/service/database/openDatabase.ts";
import { anAccess } from "../service/access/anAccess.ts";
import { embeddedFolder } from "../service/databases.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-account-"));
const data = join(folder, "data");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => embeddedFolder(data));

/** The command in a process of its own, which is told a password. */
const told = (password: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve("bin/trinephron.js"), ...args, "--data", data],
    { input: `${password}\n`, encoding: "utf8" },
  );
  return { status, stdout, stderr };
};
const run = (...args: string[]) => here(...args, "--data", data);
const password = "correct horse battery";

test("accounts and tokens are added, listed, changed and removed", async () => {
  const add = ["account", "add", "Root", "--role", "administrator"];
  expect(told("short", ...add)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^E_USAGE: the password has 5 characters — [^\n]+\n$/),
  });
  expect(told(password, ...add)).toEqual({ status: 0, stdout: "root: administrator\n", stderr: "" });
  expect(told("another password", "account", "password", "root").stdout).toBe("root: password changed\n");
  const listed = await run("account", "list", "--json");
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: "root", role: "administrator", disabled: false }]);
  expect(listed.stdout).not.toContain("scrypt");
  expect((await run("account", "list")).stdout).toMatch(/root +administrator +may sign in +password +never/);
  expect(await run("account", "disable", "root")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^E_STATE: no administrator would be left/),
  });
  expect(await run("account", "remove", "nobody-here")).toMatchObject({
    status: 1,
    stderr: "E_ACCOUNT: there is no account nobody-here\n",
  });

  const scopes = ["--scopes", "images:send,studies:read", "--days", "9"];
  const token = await run("token", "add", "pacs", ...scopes);
  expect(token.stdout).toMatch(/^trinephron_[\w-]{43}\n$/);
  expect((await run("token", "add", "pacs", ...scopes)).stderr).toMatch(/^E_ACCOUNT: /);
  expect((await run("token", "list")).stdout).toMatch(/pacs +studies:read,images:send +ends 20/);
  const database = await openDatabase(undefined, data);
  try {
    const { now, sessions, tries } = anAccess(database);
    expect(await tokenBy(database, token.stdout.trim(), now)).toBeDefined();
    const options = { database, sessions, tries };
    const asked = { name: "root", by: byCommandLine };
    await expect(signIn(options, { ...asked, password })).rejects.toMatchObject({ code: "E_SIGN_IN" });
    expect(await signIn(options, { ...asked, password: "another password" })).toMatch(/^[\w-]{43}$/);
    const entries = await auditPage(database, {}, 10);
    expect(entries.slice(0, 3).map(({ action, actor, way }) => [action, actor, way])).toEqual([
      ["account added", "local", "command line"],
      ["account changed", "local", "command line"],
      ["token added", "local", "command line"],
    ]);
    expect(JSON.stringify(entries)).not.toContain(token.stdout.trim());
  } finally {
    await database.close();
  }
  expect((await run("token", "revoke", "pacs")).stdout).toBe("pacs: revoked\n");
}, 300_000);

test("what comes before the first start makes the database, for its owner alone", async () => {
  const own = join(folder, "new", "data");
  const made = await here("token", "add", "pacs", "--scopes", "audit:read", "--days", "9", "--data", own);
  expect([made.status, statSync(own).mode & 0o777]).toEqual([0, 0o700]);
});

test.each([
  ["E_USAGE", ["account", "add", "ada", "--role", "king", "--data", data]],
  ["E_USAGE", ["account", "list"]],
  ["E_USAGE", ["account", "list", "--data", data, "--database", "postgres://db/trinephron"]],
  ["E_FILE_MISSING", ["account", "list", "--data", join(folder, "nowhere")]],
  ["E_USAGE", ["token", "add", "pacs", "--scopes", "all", "--days", "9", "--data", data]],
  ["E_USAGE", ["token", "add", "pacs", "--scopes", "audit:read", "--days", "999", "--data", data]],
  ["E_USAGE", ["token", "add", "a b", "--scopes", "audit:read", "--days", "9", "--data", data]],
  ["E_ACCOUNT", ["token", "revoke", "nobody-here", "--data", data]],
])("%s: %j", async (code, args) => {
  const { status, stderr } = await here(...args);
  expect({ status, code: stderr.split(":")[0] }).toEqual({ status: code === "E_USAGE" ? 2 : 1, code });
});
