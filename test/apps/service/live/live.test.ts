import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCounters } from "../../../../src/apps/service/http/metrics.ts";
import { openServer } from "../../../../src/apps/service/http/openServer.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { openLog } from "../../../../src/apps/service/log.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { noteProgress } from "../../../../src/apps/service/studies/progress.ts";
import { anAccess } from "../access/anAccess.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aStream } from "./aStream.ts";

let intake: Intake;
let server: Server;
let url: string;
let studies = 0;

beforeAll(async () => {
  const made = await anIntake();
  intake = made.intake;
  const { log } = await openLog({ write: () => {} });
  server = await openServer(
    {
      intake,
      results: folderStore(join(made.folder, "results")),
      destinations: [],
      orthancs: [],
      limits: { maxParts: 10, maxBodyBytes: 100_000, maxInstanceBytes: 100_000 },
      counters: openCounters(),
      access: anAccess(intake.database),
      checks: {},
    },
    // Two streams at a time, each with a sign of life every 0.3 s.
    { logger: log, maxConnections: 4, idleSeconds: 1, maxRequestsPerMinute: 1000 },
  );
  await server.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** A study that waits for a worker; its UID. */
async function aStudy(): Promise<string> {
  const studyUid = `1.2.826.55.${++studies}`;
  await intake.database.query(
    "insert into trinephron.studies (study_uid, patient_name, state, attempt) values ($1, 'Secret^Name', 'queued', 1)",
    [studyUid],
  );
  return studyUid;
}
const becomes = (studyUid: string, state: string) =>
  intake.database.query("update trinephron.studies set state = $2, changed_at = now() where study_uid = $1", [
    studyUid,
    state,
  ]);

const stream = (path: string, headers?: Record<string, string>) => aStream(`${url}${path}`, headers);

describe("a stream of all studies", () => {
  test("tells what changes, how many are in each state, and nothing of patients", async () => {
    const studyUid = await aStudy();
    const opened = await stream("/api/studies/events");
    expect(opened.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(opened.response.headers.get("content-security-policy")).toContain("default-src 'none'");
    await becomes(studyUid, "reading");
    await opened.until('"state":"reading"');
    const text = await opened.until("event: counts");
    expect(text).toMatch(/id: \d+\ndata: {"studyUid":"1\.2\.826\.55\./);
    expect(text).not.toContain("Secret");
    const [{ id }] = await intake.database.query<{ id: number }>(
      "select id from trinephron.studies where study_uid = $1",
      [studyUid],
    );
    await noteProgress(intake.database, { study: id, attempt: 2 }, { step: "nothing", fraction: 0 });
    await noteProgress(intake.database, { study: id, attempt: 1 }, { step: "explaining", fraction: 0.25 });
    expect(await opened.until('"progress":{')).toContain('"progress":{"step":"explaining","fraction":0.25}');
    const told = (await (await fetch(`${url}/api/studies/${studyUid}`)).json()) as { progress: object };
    expect(told.progress).toEqual({ step: "explaining", fraction: 0.25 });
    await intake.database.query("delete from trinephron.studies where study_uid = $1", [studyUid]);
    await opened.until("event: deleted");
    opened.close();
  });

  test.each(["header", "query"])("tells first what was missed, by its %s", async (by) => {
    const studyUid = await aStudy();
    const later = Date.now() + 3_600_000;
    const early = await stream(
      by === "query" ? `/api/studies/events?after=${Date.now() - 1000}` : "/api/studies/events",
      by === "header" ? { "last-event-id": String(Date.now() - 1000) } : {},
    );
    expect(await early.until("event: counts")).toContain(studyUid);
    early.close();
    const late = await stream(`/api/studies/events?after=${later}`);
    expect(await late.until("event: counts")).not.toContain(studyUid);
    late.close();
  });
});

test("a study's stream says first how it is, and tells of no other", async () => {
  const [studyUid, other] = [await aStudy(), await aStudy()];
  const opened = await stream(`/api/studies/${studyUid}/events`);
  await opened.until('"state":"queued"');
  await becomes(other, "failed");
  await becomes(studyUid, "answered");
  const text = await opened.until('"state":"answered"');
  expect(text).not.toContain("failed");
  expect(text).not.toContain("event: counts");
  await opened.until(": alive");
  opened.close();
  expect((await fetch(`${url}/api/studies/1.2.3/events`)).status).toBe(404);
  // It would leave a stream open that nobody reads.
  expect((await fetch(`${url}/api/studies/events`, { method: "HEAD" })).status).toBe(400);
});

test("no more streams are open than may be, and the next asks later", async () => {
  const opened = [await stream("/api/studies/events"), await stream("/api/studies/events")];
  const refused = await fetch(`${url}/api/studies/events`);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
  expect(await refused.json()).toMatchObject({ code: "E_LIMIT" });
  for (const each of opened) each.close();
  let status = 0;
  for (let tries = 0; tries < 50 && status !== 200; tries++) {
    const again = await stream("/api/studies/events");
    status = again.response.status;
    again.close();
  }
  expect(status).toBe(200);
});

const executablePath = "/usr/bin/chromium";
const skip = !existsSync(executablePath) && process.env.CI === undefined;
if (skip) console.warn(`skipped: pages that show changes need ${executablePath} (Debian: chromium)`);

describe.skipIf(skip)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());

  test("pages show states as they change, and what has the focus keeps it", async () => {
    const studyUid = await aStudy();
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(url);
    const mark = page.locator(`tr[data-study="${studyUid}"] .state`);
    const count = page.locator('[data-count="not read"]');
    const before = Number(await count.textContent());
    await page.locator("input[type=search]").focus();
    await page.keyboard.type("doe");
    await becomes(studyUid, "not read");
    await page.locator(`tr[data-study="${studyUid}"] .state.not-read`).waitFor();
    expect(await mark.textContent()).toBe("not read");
    await page.locator('[data-count="not read"]', { hasText: String(before + 1) }).waitFor();
    await page.keyboard.type(" jane");
    expect(await page.locator("input[type=search]").inputValue()).toBe("doe jane");
    const next = await aStudy();
    await page.locator(".news", { hasText: "study has come" }).waitFor();
    await page.goto(`${url}/studies/${next}`);
    await becomes(next, "canceled");
    await page.locator(".news", { hasText: "The study is now: cancelled." }).waitFor();
    expect(await page.locator("dl .state").textContent()).toBe("cancelled");
    expect(await page.locator('[data-live="meaning"]').textContent()).toContain("A user stopped it.");
    expect(errors).toEqual([]);
  });
});

test("a server that closes ends its streams", async () => {
  const opened = await stream("/api/studies/events");
  const begun = performance.now();
  await server.close();
  expect(performance.now() - begun).toBeLessThan(5000);
  await expect(opened.until("nothing")).rejects.toThrow();
});
