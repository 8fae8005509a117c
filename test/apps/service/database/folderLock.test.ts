import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockFolder } from "../../../../src/apps/service/database/folderLock.ts";
import { processStart } from "../../../../src/apps/service/database/processStart.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "database.lock");
const own = { pid: process.pid, started: processStart(process.pid), host: hostname() };

test("of many at once one has it; released, the next", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(path)));
  const held = tries.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  expect(held.length).toBe(1);
  for (const each of tries)
    if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "E_LOCKED" });
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(own);
  await held[0].release();
  expect(readdirSync(folder)).toEqual([]);
  await (await lockFolder(path)).release();
});

const killed = spawnSync(process.execPath, ["-e", "process.kill(process.pid, 'SIGKILL')"]).pid!;
test.each([
  ["a process that was killed", { ...own, pid: killed, started: "then" }],
  ["a process whose number another has now", { ...own, started: "another boot 1" }],
  ["nobody that can be read", undefined],
])("a lock of %s is taken over", async (_, holder) => {
  writeFileSync(path, holder ? JSON.stringify(holder) : "\0\0");
  const lock = await lockFolder(path);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("one of another machine is held while it is touched", async () => {
  writeFileSync(path, JSON.stringify({ ...own, host: "another" }));
  await expect(lockFolder(path)).rejects.toMatchObject({
    code: "E_LOCKED",
    message: expect.stringContaining("on another"),
  });
  utimesSync(path, 1, 1);
  await (await lockFolder(path)).release();
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that is not there is E_FILE_WRITE", async () => {
  await expect(lockFolder(join(folder, "none", "lock"))).rejects.toMatchObject({ code: "E_FILE_WRITE" });
});
