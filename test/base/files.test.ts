import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import {
  clearPartials,
  fileError,
  isPartial,
  readStart,
  readWhole,
  writeWhole,
} from "../../src/base/files.ts";

const folder = await mkdtemp(join(tmpdir(), "trinephron-files-"));
afterAll(() => rm(folder, { recursive: true }));

test("many threads that write one path leave one whole file and no other", async () => {
  const path = join(folder, "deep", "shared.bin");
  const source = `
    const { writeWhole } = await import(${JSON.stringify(new URL("../../src/base/files.ts", import.meta.url).href)});
    for (let n = 0; n < 20; n++) await writeWhole(${JSON.stringify(path)}, Buffer.alloc(300_000, id));
  `;
  await Promise.all(
    [1, 2, 3].map(
      (id) =>
        new Promise<void>((resolve, reject) => {
          const code = `(async (id) => {${source}})(${id})`;
          const worker = new Worker(code, { eval: true });
          worker.on("error", reject);
          worker.on("exit", (status) => (status === 0 ? resolve() : reject(new Error(`exit ${status}`))));
        }),
    ),
  );
  const bytes = await readFile(path);
  expect(bytes.length).toBe(300_000);
  expect(new Set(bytes).size).toBe(1);
  expect(await readdir(join(folder, "deep"))).toEqual(["shared.bin"]);
});

test("a file that cannot be written is a coded error, and the one before stays", async () => {
  await writeFile(join(folder, "file"), "before");
  await expect(writeWhole(join(folder, "file", "inside"), "x")).rejects.toMatchObject({
    code: "E_FILE_WRITE",
    message: expect.stringMatching(/inside: a file where a folder should be$/),
  });
  await mkdir(join(folder, "folder"));
  await expect(writeWhole(join(folder, "folder"), "x")).rejects.toMatchObject({ code: "E_FILE_WRITE" });
  expect((await readdir(folder)).filter(isPartial)).toEqual([]);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("before");
});

test("what a killed process left is cleared, but not what may be at work, nor anything else", async () => {
  const own = join(folder, "killed");
  await mkdir(own);
  for (const name of ["a.partial-1", "b.partial-2", "c.bin"]) await writeFile(join(own, name), "x");
  await utimes(join(own, "a.partial-1"), 1, 1);
  await clearPartials(own, 3_600_000);
  expect(await readdir(own)).toEqual(["b.partial-2", "c.bin"]);
  await clearPartials(own);
  expect(await readdir(own)).toEqual(["c.bin"]);
  await clearPartials(join(folder, "none"));
});

test("what is not there is E_FILE_MISSING; a start is no longer than asked", async () => {
  await expect(readWhole(join(folder, "none"))).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  await expect(readStart(join(folder, "none"), 3)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  expect(String(await readStart(join(folder, "file"), 3))).toBe("bef");
  expect(String(await readStart(join(folder, "file"), 300))).toBe("before");
});

test("a full disk says what to do", () => {
  const full = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  expect(fileError(full, "out.csv", "E_FILE_WRITE").line).toBe(
    "E_FILE_WRITE: out.csv: the disk is full — free space, then run the same command again",
  );
});
