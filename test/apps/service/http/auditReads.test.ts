import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry } from "../../../../src/apps/service/audit/entry.ts";
import { auditPage, auditPages } from "../../../../src/apps/service/audit/readAudit.ts";
import { verifyAudit } from "../../../../src/apps/service/audit/verifyAudit.ts";
import { openCounters } from "../../../../src/apps/service/http/metrics.ts";
import { openServer } from "../../../../src/apps/service/http/openServer.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { openLog } from "../../../../src/apps/service/log.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { anAccess } from "../access/anAccess.ts";
import { anIntake } from "../intake/anIntake.ts";

let intake: Intake;
let server: Server;
const studyUid = "1.2.826.77";

beforeAll(async () => {
  const made = await anIntake();
  intake = made.intake;
  const { database } = intake;
  const results = folderStore(join(made.folder, "results"));
  const { log } = await openLog({ write: () => {} });
  server = await openServer(
    {
      intake,
      results,
      destinations: [],
      orthancs: [],
      limits: { maxParts: 10, maxBodyBytes: 100_000, maxInstanceBytes: 100_000 },
      counters: openCounters(),
      access: anAccess(database),
      checks: {},
    },
    { logger: log, maxConnections: 10, idleSeconds: 10, maxRequestsPerMinute: 1000 },
  );
  const writer = await stageFile(intake.incoming, 1e6);
  await writer.write(Buffer.from("a report"));
  const file = await writer.finish();
  await results.adopt(file);
  await database.query(
    "insert into trinephron.studies (study_uid, patient_name, search, state) values ($1, 'Doe^Jane', 'doe', 'answered')",
    [studyUid],
  );
  await database.query(
    `insert into trinephron.results (study_id, attempt, revision, model_sha256, model_sources, answers, files)
     values (1, 1, 0, 'abc', '["real"]', '[]', $1::jsonb)`,
    [JSON.stringify([{ name: "report.html", key: file.key, bytes: file.bytes }])],
  );
});
afterAll(() => server.close());

const ask = (url: string, method: "GET" | "POST" = "GET") =>
  server.inject({ url, method, headers: { host: "127.0.0.1:8080" } });
/** What a request leaves in the log. */
async function left(...request: Parameters<typeof ask>): Promise<{ status: number; noted: AuditEntry[] }> {
  const { entries } = await verifyAudit(auditPages(intake.database));
  const { statusCode } = await ask(...request);
  return { status: statusCode, noted: await auditPage(intake.database, { after: entries }, 10) };
}

test.each([
  [`/studies/${studyUid}`, "study viewed", "page", studyUid, "{}"],
  [`/api/studies/${studyUid}`, "study viewed", "API", studyUid, "{}"],
  [`/studies/${studyUid}/files/report.html`, "result file read", "page", studyUid, '{"file":"report.html"}'],
  ["/?search=doe", "worklist searched", "page", "", '{"words":true}'],
  ["/api/studies", "worklist searched", "API", "", '{"words":false}'],
  ["/deliveries", "deliveries listed", "page", "", "{}"],
  ["/api/deliveries", "deliveries listed", "API", "", "{}"],
  ["/audit", "audit log read", "page", "", "{}"],
  ["/audit/export?format=fhir", "audit log read", "page", "", "{}"],
])("%s leaves its entry", async (url, action, way, uid, detail) => {
  const { status, noted } = await left(url);
  expect(status).toBe(200);
  expect(noted).toMatchObject([{ actor: "local", way, action, studyUid: uid, detail }]);
});

test.each([["/studies/1.2.3"], [`/studies/${studyUid}/files/other`], ["/healthz"], ["/api/studies?sort=no"]])(
  "%s shows nothing of a patient, and leaves none",
  async (url) => expect((await left(url)).noted).toEqual([]),
);

test("what is changed is noted with who did it, and what is refused is not", async () => {
  const retry = await left(`/studies/${studyUid}/retry`, "POST");
  expect(retry.noted).toMatchObject([{ action: "study retried", actor: "local", way: "page", studyUid }]);
  const cancel = await left(`/api/studies/${studyUid}/cancel`, "POST");
  expect(cancel.noted).toMatchObject([{ action: "study cancelled", actor: "local", way: "API", studyUid }]);
  const again = await left(`/api/studies/${studyUid}/cancel`, "POST");
  expect(again).toEqual({ status: 409, noted: [] });
});

test("a running service gives its log, page by page", async () => {
  const { entries } = await verifyAudit(auditPages(intake.database));
  const pages: AuditEntry[][] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { entries: AuditEntry[]; next?: number } = (
      await ask(`/api/audit?limit=3&after=${after}`)
    ).json();
    pages.push(page.entries);
    after = page.next;
  }
  // And that it was read, once a page.
  expect((await verifyAudit(pages)).entries).toBeGreaterThan(entries);
  const { noted } = await left("/api/audit?after=2&limit=1");
  expect(noted).toMatchObject([{ action: "audit log read", way: "API", detail: '{"after":2}' }]);
  expect((await ask("/api/audit?after=-1")).statusCode).toBe(400);
});

test("what cannot be noted is not shown", async () => {
  const { query } = intake.database;
  await query("alter table trinephron.audit rename to elsewhere");
  try {
    const { statusCode, body } = await ask(`/studies/${studyUid}`);
    expect(statusCode).toBe(500);
    expect(body).not.toContain("Jane");
    const file = await ask(`/studies/${studyUid}/files/report.html`);
    expect(file.statusCode).toBe(500);
    expect(file.body).not.toContain("a report");
  } finally {
    await query("alter table trinephron.elsewhere rename to audit");
  }
});
