import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/apps/service/database/openDatabase.ts";
import { type Log, openLog } from "../../../src/apps/service/log.ts";
import { serve } from "../../../src/apps/service/serve.ts";
import { parseServiceSettings } from "../../../src/apps/service/settings/settings.ts";
import { work } from "../../../src/apps/service/work.ts";
import { aModel, aStudy, studyUid } from "./aStudy.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "./databases.ts";
import { sendByStow, untilState } from "./sent.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-serve-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lines: string[] = [];
let log: Log;
let settings: object;
beforeAll(async () => {
  ({ log } = await openLog({ write: (line) => void lines.push(line) }));
  settings = {
    model: await aModel(),
    data: join(folder, "data"),
    port: 0,
    settleSeconds: 1,
    threads: 1,
    align: false,
    explain: false,
    picture: false,
  };
});
const parsed = (own: object = {}) => parseServiceSettings({ ...settings, ...own }, "settings");

describe.skipIf(!hasPostgres)("on PostgreSQL", () => {
  let postgres: PostgresServer;
  beforeAll(async () => void (postgres = await startPostgres()));
  // The last test has stopped it.
  afterAll(() => postgres?.stop());

  test("what one process takes another reads, and a PACS gets the result once, whichever way", async () => {
    const made = await openDatabase(postgres.url, folder);
    await made.query("create database receiver");
    await made.close();
    const receiver = await serve(
      parsed({
        data: join(folder, "receiver"),
        database: postgres.url.replace(/postgres$/, "receiver"),
        workers: 0,
        dicomPort: 0,
        settleSeconds: 3600,
        aeTitle: "PACS",
      }),
      log,
    );
    const destinations = [
      { name: "by-stow", kind: "dicomweb", url: `${receiver.url}/dicomweb` },
      { name: "by-store", kind: "dimse", host: "127.0.0.1", port: receiver.dicomPort, aeTitle: "PACS" },
    ];
    const own = { database: postgres.url, destinations };
    const service = await serve(parsed({ ...own, workers: 0, dicomPort: 0 }), log);
    const worker = await work(parsed(own), log);
    try {
      const { images, mask } = await aStudy();
      expect((await sendByStow(service.url, [...images, mask])).status).toBe(200);
      const { events, result } = await untilState(service.url, studyUid, "answered");
      expect(events.map(({ kind }) => kind).slice(-5)).toEqual([
        "answered",
        "reading",
        "queued",
        "complete",
        "received",
      ]);
      expect(result?.files.map(({ name }) => name)).toContain("report.sr.dcm");
      const told = async (path: string) => (await (await fetch(path)).json()) as { [name: string]: never };
      const states = async () =>
        (await told(`${service.url}/api/studies/${studyUid}`)).deliveries as { state: string }[];
      for (
        let tries = 0;
        tries < 200 && !(await states()).every(({ state }) => state === "delivered");
        tries++
      )
        await wait(50);
      expect((await states()).map(({ state }) => state)).toEqual(["delivered", "delivered"]);
      const there = await told(`${receiver.url}/api/studies/${studyUid}`);
      expect(there.images).toBe(2);
      expect((there.series as { modality: string }[]).map(({ modality }) => modality).sort()).toEqual([
        "SEG",
        "SR",
      ]);
      expect(service.dicomPort).toBeGreaterThan(0);
      expect(await (await fetch(`${service.url}/readyz`)).json()).toEqual({ database: true, dicom: true });
    } finally {
      await Promise.all([worker.stop(), service.stop(), receiver.stop()]);
    }
    await expect(fetch(service.url)).rejects.toThrow();
    expect(readdirSync(join(folder, "data", "incoming"))).toEqual([]);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
    expect(lines.join("")).not.toMatch(/Test\^Patient|2\.25\./);
  });

  test("a port that is taken is E_ADDRESS, and nothing is left running", async () => {
    const processes = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
    const before = processes();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const taken = serve(parsed({ database: postgres.url, port, dicomPort: 0 }), log);
    await expect(taken).rejects.toMatchObject({ code: "E_ADDRESS" });
    other.close();
    // Node lets go of a process a moment after it has ended.
    for (let tries = 0; tries < 50 && processes() > before; tries++) await wait(20);
    expect(processes()).toBe(before);
  });

  test("a database that is away is said, and nothing is taken meanwhile", async () => {
    const service = await serve(parsed({ database: postgres.url, workers: 0 }), log);
    try {
      postgres.stop();
      const told = await fetch(`${service.url}/api/studies`);
      expect([told.status, ((await told.json()) as { code: string }).code]).toEqual([503, "E_DATABASE"]);
      const { images } = await aStudy();
      expect((await sendByStow(service.url, images)).status).toBe(503);
      expect(readdirSync(join(folder, "data", "incoming"))).toEqual([]);
    } finally {
      await service.stop().catch(() => {});
    }
  });
});

describe("a service that cannot start says why, and leaves nothing running", () => {
  test("its model is not there", async () => {
    await expect(serve(parsed({ model: join(folder, "none") }), log)).rejects.toMatchObject({
      code: "E_FILE_MISSING",
    });
  });

  test("work has no database to share, or nothing to do", async () => {
    await expect(work(parsed(), log)).rejects.toMatchObject({ code: "E_USAGE" });
    const idle = parsed({ database: "postgres://127.0.0.1:1/none", workers: 0 });
    await expect(work(idle, log)).rejects.toMatchObject({ code: "E_USAGE" });
    const away = parsed({ database: "postgres://127.0.0.1:1/none" });
    await expect(work(away, log)).rejects.toMatchObject({ code: "E_DATABASE" });
  });
});

test.each<[string, object]>([
  ["an address that others reach", { host: "0.0.0.0" }],
  ["a port that is none", { port: 70_000 }],
  ["an AE title that is too long", { aeTitle: "A".repeat(17) }],
  ["an AE title of blanks", { aeTitle: "  " }],
  ["a network that is none", { addresses: ["10.0.0.0/33"] }],
  ["a setting that is not known", { modle: "x" }],
  ["a time below zero", { settleSeconds: -1 }],
  ["a destination that is none", { destinations: [{ name: "pacs", kind: "mail" }] }],
])("%s is E_USAGE", (_, own) => {
  expect(() => parsed(own)).toThrow(expect.objectContaining({ code: "E_USAGE" }));
});
