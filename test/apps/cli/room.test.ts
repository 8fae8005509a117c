import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildRoom } from "../room/site.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-room-"));
afterAll(() => rmSync(folder, { recursive: true }));
const built = resolve(import.meta.dirname, "../../../dist/room");

test("copies the built site whole, and overwrites only with --force", async () => {
  if (!existsSync(built)) {
    const missing = await here("room", "--out", join(folder, "early"));
    expect([missing.status, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/^E_FILE_MISSING: .*npm run build:room/),
    ]);
    expect(existsSync(join(folder, "early"))).toBe(false);
    await buildRoom(built);
  }
  const out = join(folder, "site");
  const { status, stdout } = await here("room", "--out", out, "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ site: out });
  const files = (path: string) => readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  expect(files(out)).toEqual(files(built));
  expect(files(out)).toContain("index.html");
  const again = await here("room", "--out", out);
  expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/^E_FILE_EXISTS: /)]);
  expect((await here("room", "--out", out, "--force")).status).toBe(0);
});
