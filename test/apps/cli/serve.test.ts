import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { aModel, aStudy, studyUid } from "../service/aStudy.ts";
import { embeddedFolder } from "../service/databases.ts";
import { sendByStow, untilState } from "../service/sent.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-serve-"));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** The command in a process of its own, once it serves. */
async function start(
  ...args: string[]
): Promise<{ url: string; end: (signal: NodeJS.Signals) => Promise<number | null> }> {
  const child = spawn(process.execPath, [resolve("bin/trinephron.js"), "serve", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.add(child);
  const ended = new Promise<number | null>((done) => child.on("exit", done));
  const url = await new Promise<string>((done, fail) => {
    let text = "";
    child.stderr.on("data", (chunk) => {
      text += chunk;
      const [, found] = /worklist: (\S+)\n/.exec(text) ?? [];
      if (found) done(found);
    });
    child.on("exit", () => fail(new Error(text)));
  });
  return {
    url,
    end: async (signal) => {
      child.kill(signal);
      const code = await ended;
      running.delete(child);
      return code;
    },
  };
}

test("killed while it reads a study, the service answers it at the next start, once", async () => {
  const data = await embeddedFolder(join(folder, "data"));
  const args = ["--model", await aModel(), "--data", data, "--port", "0", "--settle", "1", "--threads", "1"];
  args.push("--no-align", "--no-explain", "--no-picture");
  const first = await start(...args);
  const { images, mask } = await aStudy();
  expect((await sendByStow(first.url, [...images, mask])).status).toBe(200);
  await untilState(first.url, studyUid, "reading");
  const second = await here("serve", ...args);
  expect(second).toMatchObject({ status: 1, stderr: expect.stringMatching(/^E_LOCKED: /) });
  expect(await first.end("SIGKILL")).toBeNull();
  const next = await start(...args);
  const { events } = await untilState(next.url, studyUid, "answered");
  expect(events.map(({ kind }) => kind).reverse()).toEqual([
    ...["received", "complete", "queued", "reading"],
    ...["interrupted", "queued", "reading", "answered"],
  ]);
  expect(await next.end("SIGTERM")).toBe(0);
});

describe("settings", () => {
  const shown = async (...args: string[]) => {
    const { stdout, stderr, status } = await here("serve", ...args, "--print-config");
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout);
  };
  const file = join(folder, "settings.json");

  test("of a file and of options, which go before it, are shown without the password", async () => {
    writeFileSync(
      file,
      JSON.stringify({ model: "a", data: "b", align: false, settleSeconds: 7, callers: ["PACS"] }),
    );
    const database = "postgres://me:secret@host/name";
    expect(
      await shown("--config", file, "--data", "c", "--settle", "9", "--database", database),
    ).toMatchObject({
      model: "a",
      data: "c",
      align: false,
      explain: true,
      settleSeconds: 9,
      callers: ["PACS"],
      port: 8080,
      database: "postgres://me:…@host/name",
    });
    expect(await shown("--config", file, "--no-explain", "--callers", "A,B", "--callers", "C")).toMatchObject(
      {
        align: false,
        explain: false,
        callers: ["A", "B", "C"],
      },
    );
  });

  test.each<[string[], string]>([
    [["serve", "--data", "x"], "E_USAGE"],
    [["serve", "--model", "m", "--data", "x", "--host", "0.0.0.0"], "E_USAGE"],
    [["serve", "--model", "m", "--data", "x", "--port", "many"], "E_USAGE"],
    [["serve", "--config", join(folder, "none.json")], "E_FILE_MISSING"],
    [["work", "--model", "m", "--data", "x"], "E_USAGE"],
  ])("%j is %s", async (args, code) => {
    const { status, stderr } = await here(...args);
    expect(status).toBeGreaterThan(0);
    expect(stderr).toMatch(new RegExp(`^${code}: [^\n]+\n$`));
  });

  test("a file that is no JSON is E_FORMAT", async () => {
    writeFileSync(file, "port = 8080");
    expect((await here("serve", "--config", file)).stderr).toMatch(/^E_FORMAT: /);
  });
});
