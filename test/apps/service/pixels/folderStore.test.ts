import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { clearStaged } from "../../../../src/apps/service/pixels/clearStaged.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageCopy, stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const incoming = join(folder, "incoming");
const store = folderStore(join(folder, "store"));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function staged(...chunks: string[]) {
  const writer = await stageFile(incoming, 100);
  for (const chunk of chunks) await writer.write(Buffer.from(chunk));
  return writer.finish();
}

describe("content", () => {
  test("is kept once, under its hash, and is read again", async () => {
    for (let twice = 0; twice < 2; twice++) {
      const file = await staged("one ", "two");
      expect(file).toMatchObject({ key: sha256("one two"), bytes: 7 });
      expect(readFileSync(file.path, "utf8")).toBe("one two");
      await store.adopt(file);
      expect(existsSync(file.path)).toBe(false);
    }
    const key = sha256("one two");
    expect((await buffer(await store.read(key))).toString()).toBe("one two");
    expect(readFileSync(await store.local(key), "utf8")).toBe("one two");
    const keys: string[] = [];
    for await (const each of store.keys()) keys.push(each);
    expect(keys).toEqual([key]);
    expect(readdirSync(incoming)).toEqual([]);
  });

  test.each([sha256("nothing"), "../../secret", `${sha256("one two")}/..`, ""])(
    "%s is not there",
    async (key) => {
      await expect(store.read(key)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
      await expect(store.local(key)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
    },
  );
});

describe("a file that is not received as a whole leaves nothing", () => {
  test("beyond the limit", async () => {
    const writer = await stageFile(incoming, 10);
    await writer.write(Buffer.alloc(10));
    await expect(writer.write(Buffer.alloc(1))).rejects.toMatchObject({ code: "E_LIMIT" });
    expect(readdirSync(incoming)).toEqual([]);
  });

  test("discarded", async () => {
    const writer = await stageFile(incoming, 10);
    await writer.write(Buffer.alloc(3));
    await writer.discard();
    expect(readdirSync(incoming)).toEqual([]);
  });

  test("left by a process that was killed: removed when it is old", async () => {
    const [old, young, other] = ["old.part", "young.part", "other"].map((name) => join(incoming, name));
    for (const path of [old, young, other]) writeFileSync(path, "");
    utimesSync(old, 1, 1);
    utimesSync(other, 1, 1);
    expect(await clearStaged(incoming)).toBe(1);
    expect(readdirSync(incoming).sort()).toEqual(["other", "young.part"]);
    expect(await clearStaged(incoming, -1)).toBe(1);
    rmSync(other);
    expect(await clearStaged(join(folder, "none"))).toBe(0);
  });

  test("copied from what is no file", async () => {
    writeFileSync(join(folder, "there"), "here");
    await store.adopt(await stageCopy(join(folder, "there"), incoming, 10));
    expect(readFileSync(await store.local(sha256("here")), "utf8")).toBe("here");
    expect(existsSync(join(folder, "there"))).toBe(true);
    await expect(stageCopy(join(folder, "none"), incoming, 10)).rejects.toMatchObject({
      code: "E_FILE_MISSING",
    });
    await expect(stageCopy(join(folder, "there"), incoming, 3)).rejects.toMatchObject({ code: "E_LIMIT" });
    expect(readdirSync(incoming)).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)("where nothing may be written", async () => {
    const shut = join(folder, "shut");
    mkdirSync(shut);
    chmodSync(shut, 0o500);
    await expect(stageFile(shut, 10)).rejects.toMatchObject({ code: "E_FILE_WRITE" });
  });

  test("where a file stands in the place of the store", async () => {
    writeFileSync(join(folder, "file"), "");
    const file = await staged("three");
    await expect(folderStore(join(folder, "file")).adopt(file)).rejects.toMatchObject({
      code: "E_FILE_WRITE",
    });
    expect(readdirSync(incoming)).toEqual([]);
  });
});
