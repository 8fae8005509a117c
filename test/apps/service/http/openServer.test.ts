import { join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDeliveryQueues } from "../../../../src/apps/service/delivery/deliveryQueue.ts";
import { openCounters } from "../../../../src/apps/service/http/metrics.ts";
import { openServer } from "../../../../src/apps/service/http/openServer.ts";
import type { Server } from "../../../../src/apps/service/http/server.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { openLog } from "../../../../src/apps/service/log.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { ctObjects, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { anAccess } from "../access/anAccess.ts";
import { anIntake } from "../intake/anIntake.ts";

let intake: Intake;
let server: Server;
const lines: string[] = [];
let isDatabaseUp = true;
const study = (n: number) => `1.2.826.${n}`;

beforeAll(async () => {
  const made = await anIntake();
  intake = made.intake;
  const results = folderStore(join(made.folder, "results"));
  const { log } = await openLog({ write: (line) => void lines.push(line) });
  server = await openServer(
    {
      intake,
      results,
      destinations: ["pacs"],
      orthancs: [],
      limits: { maxParts: 10, maxBodyBytes: 100_000, maxInstanceBytes: 100_000 },
      counters: openCounters(),
      access: anAccess(intake.database),
      checks: { database: async () => isDatabaseUp },
    },
    { logger: log, maxConnections: 10, idleSeconds: 10, maxRequestsPerMinute: 1000 },
  );
  await intake.database.query(`
    insert into trinephron.studies (study_uid, patient_id, patient_name, study_date, description, search, state, reason_code, reason)
    select '1.2.826.' || n, 'P' || n, case n when 7 then '<b>O''Neil</b>^A' else 'Doe' || (n % 5) || '^Jane' end,
      '2026010' || (1 + n % 9), '100%_"real"',
      lower(case n when 7 then '<b>O''Neil</b>^A' else 'Doe' || (n % 5) || '^Jane' end || ' P' || n || ' 1.2.826.' || n), case when n % 3 = 0 then 'answered' when n % 3 = 1 then 'not read' else 'queued' end,
      case when n % 3 = 1 then 'E_MASK' end, case when n % 3 = 1 then 'no <mask>' end
    from generate_series(1, 30) n`);
  const writer = await stageFile(intake.incoming, 1e6);
  await writer.write(Buffer.from("<!doctype html><title>Report</title>"));
  const file = await writer.finish();
  await results.adopt(file);
  const files = [
    { name: "report.html", key: file.key, bytes: file.bytes },
    { name: "report.sr.dcm", key: file.key, bytes: file.bytes, sopInstanceUid: "1.2.3" },
  ];
  const answers = [
    { task: "stage", decision: "stage <III>", probability: 0.61, threshold: 0.6, borderline: true },
  ];
  await intake.database.query(
    `insert into trinephron.results (study_id, attempt, revision, model_sha256, model_sources, answers, files)
     select id, 1, 0, 'abc', '["procedural"]', $1::jsonb, $2::jsonb from trinephron.studies where study_uid = $3`,
    [JSON.stringify(answers), JSON.stringify(files), study(3)],
  );
});
afterAll(() => server.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  server.inject({ url, headers: { host: "127.0.0.1:8080", ...headers } });
const post = (url: string, headers: Record<string, string> = {}, payload?: Buffer) =>
  server.inject({
    url,
    method: "POST",
    headers: { host: "127.0.0.1:8080", ...headers },
    ...(payload && { payload }),
  });
const page = async (url: string) => parseHTML((await get(url, { accept: "text/html" })).body).document;
const names = (document: Awaited<ReturnType<typeof page>>) =>
  [...document.querySelectorAll("tbody tr th a")].map((link) => link.textContent);

describe("the worklist", () => {
  test.each([
    ["received", "desc"],
    ["received", "asc"],
    ["patient", "asc"],
    ["patient", "desc"],
    ["date", "desc"],
  ])("by %s, %s: pages hold every study once, in order", async (sort, order) => {
    const found: { studyUid: string; patientName: string; studyDate: string }[] = [];
    let after = "";
    do {
      const { studies, next } = (
        await get(`/api/studies?sort=${sort}&order=${order}&limit=7${after}`)
      ).json();
      found.push(...studies);
      after = next === undefined ? "" : `&after=${next}`;
    } while (after !== "");
    expect(new Set(found.map(({ studyUid }) => studyUid)).size).toBe(30);
    expect(found.length).toBe(30);
    const by = found.map((each) =>
      sort === "patient"
        ? each.patientName
        : sort === "date"
          ? each.studyDate
          : each.studyUid.slice(8).padStart(3, "0"),
    );
    const sorted = [...by].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(by).toEqual(order === "asc" ? sorted : sorted.reverse());
  });

  test.each([
    ["search=doe3", 6],
    ["search=P1", 11],
    ["search=1.2.826.30", 1],
    ["search=%25", 0],
    ["search=P_", 0],
    ["search=%27%20or%201%3D1%20--", 0],
    ["state=answered", 10],
    ["state=", 30],
    ["state=not%20read&search=doe", 9],
  ])("%s finds %i studies", async (asked, count) => {
    expect((await get(`/api/studies?limit=200&${asked}`)).json().studies.length).toBe(count);
  });

  test("is a page that shows them, names safely, and keeps what was asked in its links", async () => {
    const document = await page("/?search=o%27neil");
    expect(names(document)).toEqual(["A <b>O'Neil</b>"]);
    expect(document.querySelector("input[name=search]")?.getAttribute("value")).toBe("o'neil");
    const answered = await page("/?state=answered&limit=4&sort=patient&order=asc");
    expect(answered.querySelector(".states a[aria-current]")?.textContent).toBe("answered 10");
    const next = answered.querySelector("a[rel=next]")?.getAttribute("href") ?? "";
    expect(next).toMatch(/state=answered&sort=patient&order=asc&after=/);
    expect(names(await page(next)).length).toBe(6);
    expect((await page("/?search=nobody")).querySelector(".empty")?.textContent).toBe(
      "No study is like this.",
    );
  });

  test("says where a model's answers mean nothing", async () => {
    const document = await page(`/?search=${study(3)}&order=asc`);
    expect(document.querySelector("td[data-name=Answers]")?.textContent).toContain(
      "model trained on procedural images",
    );
    expect(document.querySelector("td[data-name=Answers]")?.textContent).toContain("stage <III> (0.61");
  });
});

describe("a study's page", () => {
  test("holds state, reason, result and what can be done", async () => {
    const refused = await page(`/studies/${study(1)}`);
    expect(refused.querySelector("dl")?.textContent).toContain("E_MASK: no <mask>");
    expect([...refused.querySelectorAll("form")].map((form) => form.getAttribute("action"))).toEqual([
      `/studies/${study(1)}/retry`,
    ]);
    const queued = await page(`/studies/${study(2)}`);
    expect(queued.querySelector("form")?.getAttribute("action")).toBe(`/studies/${study(2)}/cancel`);
    const answered = await page(`/studies/${study(3)}`);
    expect(answered.querySelector("iframe")?.getAttribute("src")).toBe(
      `/studies/${study(3)}/files/report.html`,
    );
  });

  test("buttons act and lead back; what cannot be done is refused", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded", origin: "http://127.0.0.1:8080" };
    const canceled = await post(`/studies/${study(2)}/cancel`, form);
    expect([canceled.statusCode, canceled.headers.location]).toEqual([303, `/studies/${study(2)}`]);
    const again = await post(`/studies/${study(2)}/cancel`, { ...form, accept: "text/html" });
    expect(again.statusCode).toBe(409);
    expect(parseHTML(again.body).document.querySelector("h1")?.textContent).toBe("E_STATE");
    expect((await post(`/api/studies/${study(2)}/retry`)).json()).toEqual({ studyUid: study(2) });
    const { state, events } = (await get(`/api/studies/${study(2)}`)).json();
    expect(state).toBe("queued");
    expect(events.map(({ kind }: { kind: string }) => kind)).toEqual(["queued", "retry", "canceled"]);
  });

  test("its files are given as what they are", async () => {
    const report = await get(`/studies/${study(3)}/files/report.html`);
    expect(report.body).toContain("<title>Report</title>");
    expect(report.headers).toMatchObject({ "content-type": "text/html; charset=utf-8" });
    expect(report.headers["content-security-policy"]).toMatch(/default-src 'none'.*sandbox/);
    const object = await get(`/studies/${study(3)}/files/report.sr.dcm`);
    expect(object.headers).toMatchObject({
      "content-type": "application/dicom",
      "content-disposition": 'attachment; filename="report.sr.dcm"',
    });
  });
});

describe("refused is", () => {
  const own = { host: "127.0.0.1:8080" };
  test.each<[string, string, Record<string, string>, number, string]>([
    ["POST", `/studies/${study(2)}/cancel`, { ...own, origin: "https://evil.example" }, 403, "E_ORIGIN"],
    ["POST", `/studies/${study(2)}/cancel`, { ...own, origin: "null" }, 403, "E_ORIGIN"],
    ["POST", `/studies/${study(2)}/cancel`, { ...own, "sec-fetch-site": "cross-site" }, 403, "E_ORIGIN"],
    ["POST", `/dicomweb/studies`, { ...own, "sec-fetch-site": "same-site" }, 403, "E_ORIGIN"],
    ["GET", "/", { host: "evil.example" }, 403, "E_ORIGIN"],
    ["GET", "/studies/1.2.826.99", own, 404, "E_STUDY"],
    ["GET", "/studies/1.02.3", own, 400, "E_USAGE"],
    ["GET", `/studies/${"1".repeat(300)}`, own, 414, "E_USAGE"],
    ["GET", `/studies/${study(3)}/files/..%2F..%2Fdatabase.lock`, own, 404, "E_STUDY"],
    ["GET", `/studies/${study(1)}/files/report.html`, own, 404, "E_STUDY"],
    ["GET", "/api/studies?state=lost", own, 400, "E_USAGE"],
    ["GET", "/api/studies?limit=100000", own, 400, "E_USAGE"],
    ["GET", "/api/studies?after=x", own, 400, "E_USAGE"],
    ["GET", "/api/studies?search=%00", own, 400, "E_USAGE"],
    ["GET", "/studies/%", own, 400, "E_USAGE"],
    ["GET", "/wp-login.php", own, 404, "E_STUDY"],
    ["POST", "/api/studies/1.2.826.99/retry", own, 404, "E_STUDY"],
    ["POST", "/dicomweb/studies", { ...own, "content-type": "application/json" }, 415, "E_UNSUPPORTED"],
    [
      "POST",
      "/dicomweb/studies/1.02.3",
      { ...own, "content-type": "multipart/related; boundary=a" },
      400,
      "E_UID",
    ],
  ])("%s %s %o", async (method, url, headers, status, code) => {
    const response = await server.inject({
      method: method as "GET",
      url,
      headers,
      ...(headers["content-type"] && { payload: "{}" }),
    });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  test("what goes wrong within is told by its code, without paths", async () => {
    await intake.database.query(`update trinephron.results set files = files || $1::jsonb`, [
      JSON.stringify([{ name: "lost.json", key: "a".repeat(64), bytes: 1 }]),
    ]);
    const lost = await get(`/studies/${study(3)}/files/lost.json`);
    expect(lost.statusCode).toBe(500);
    expect(lost.json()).toEqual({
      code: "E_FILE_MISSING",
      message: "a file or folder that is not there",
      hint: "",
    });
    expect(lines.at(-2)).toContain('"code":"E_FILE_MISSING"');
  });
});

test("STOW-RS answers in DICOM JSON", async () => {
  const [{ bytes, sopInstance }] = ctObjects(ctOf(grid(16)));
  const body = Buffer.concat([
    Buffer.from("--b\r\nContent-Type: application/dicom\r\n\r\n"),
    bytes,
    Buffer.from("\r\n--b--"),
  ]);
  const type = { "content-type": 'multipart/related; type="application/dicom"; boundary=b' };
  const stored = await post("/dicomweb/studies", type, body);
  expect(stored.headers["content-type"]).toBe("application/dicom+json; charset=utf-8");
  expect(stored.json()["00081199"].Value[0]["00081155"].Value).toEqual([sopInstance]);
  const large = await post("/dicomweb/studies", type, Buffer.concat([body, Buffer.alloc(200_000)]));
  expect([large.statusCode, large.json().code]).toEqual([413, "E_LIMIT"]);
});

test("every answer keeps browsers from loading, guessing and keeping anything", async () => {
  for (const url of ["/", "/api/studies", "/nothing"])
    expect((await get(url)).headers).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'"),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
  const document = await page("/");
  expect(document.querySelectorAll("link, img").length).toBe(0);
  expect([...document.querySelectorAll("script")].map((script) => script.outerHTML)).toEqual([
    '<script src="/live.js" defer></script>',
  ]);
});

test("what watches over the service is told how it is", async () => {
  expect((await get("/healthz")).body).toBe("ok\n");
  expect((await get("/readyz")).json()).toEqual({ database: true });
  isDatabaseUp = false;
  expect((await get("/readyz")).statusCode).toBe(503);
  const { body, headers } = await get("/metrics");
  expect(headers["content-type"]).toContain("version=0.0.4");
  expect(body).toContain('trinephron_studies{state="answered"} 10\n');
  expect(body).toMatch(
    /^# TYPE trinephron_requests_total counter\ntrinephron_requests_total\{status="200"\} \d+$/m,
  );
});

describe("deliveries", () => {
  beforeAll(async () => {
    await openDeliveryQueues(intake.queue, ["pacs"]);
    await intake.database.query(
      `insert into trinephron.deliveries (study_id, destination, attempt, state, tries, code, reason)
       select id, destination, 1, 'failed', 3, 'E_REFUSED', 'HTTP status 400: <b>'
       from trinephron.studies, unnest(array['pacs', 'gone']) destination where study_uid = $1`,
      [study(3)],
    );
  });
  const told = async (of = "") =>
    (await get(`/api/deliveries${of}`)).json().deliveries as { id: number; [name: string]: unknown }[];
  const stateOf = async (destination: string) =>
    (await told()).find((each) => each.destination === destination)?.state;

  test("that were given up are listed, page by page, on the study's page too, with why", async () => {
    expect(await told("?state=waiting")).toEqual([]);
    const [first, second] = await told("?state=failed");
    expect(first).toMatchObject({ studyUid: study(3), code: "E_REFUSED", tries: 3, nextAt: null });
    const { next } = (await get("/api/deliveries?limit=1")).json();
    expect(next).toBe(first.id);
    expect(await told(`?limit=1&before=${next}`)).toEqual([second]);
    expect((await get("/api/deliveries?state=lost")).statusCode).toBe(400);
    for (const url of ["/deliveries?state=failed", `/studies/${study(3)}`]) {
      const document = await page(url);
      expect(document.querySelector("td[data-name='Why not']")?.textContent).toBe(
        "E_REFUSED: HTTP status 400: <b>",
      );
      expect(document.querySelector(`form[action="/deliveries/${first.id}/replay"] button`)).not.toBeNull();
    }
  });

  test("are sent again by a button or a program, but not to what is no destination any more", async () => {
    const [pacs, gone] = ["pacs", "gone"].map(
      async (name) => (await told()).find(({ destination }) => destination === name)!.id,
    );
    const answer = await post(`/deliveries/${await pacs}/replay`);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/studies/${study(3)}`]);
    expect(await stateOf("pacs")).toBe("waiting");
    expect((await post(`/api/deliveries/${await pacs}/replay`)).json()).toEqual({ studyUid: study(3) });
    expect((await post(`/api/deliveries/${await gone}/replay`)).statusCode).toBe(409);
    expect((await post("/api/deliveries/999999/replay")).statusCode).toBe(404);
    expect((await post("/api/deliveries/x/replay")).statusCode).toBe(400);
    const foreign = { origin: "https://elsewhere.example" };
    expect((await post(`/api/deliveries/${await pacs}/replay`, foreign)).statusCode).toBe(403);
    await intake.database.query("update trinephron.deliveries set state = 'failed'");
    expect((await post("/api/deliveries/replay")).json()).toEqual({ replayed: 1 });
    expect([await stateOf("pacs"), await stateOf("gone")]).toEqual(["waiting", "failed"]);
    expect((await post("/deliveries/replay")).headers.location).toBe("/deliveries");
    expect((await get("/metrics")).body).toContain('trinephron_deliveries{state="failed"} 1');
  });
});

test("the API is described by the schemas that check it", async () => {
  const { paths, openapi } = (await get("/api/openapi.json")).json();
  expect(openapi).toBe("3.1.0");
  expect(Object.keys(paths).sort()).toEqual([
    "/api/audit",
    "/api/deliveries",
    "/api/deliveries/replay",
    "/api/deliveries/{id}/replay",
    "/api/studies",
    "/api/studies/events",
    "/api/studies/{uid}",
    "/api/studies/{uid}/cancel",
    "/api/studies/{uid}/events",
    "/api/studies/{uid}/retry",
    "/dicomweb/studies",
    "/dicomweb/studies/{uid}",
    "/studies/{uid}/files/{name}",
  ]);
  const states = paths["/api/studies"].get.parameters.find(({ name }: { name: string }) => name === "state");
  expect(JSON.stringify(states.schema)).toContain("not read");
});

test("the log tells no patient, study or address", () => {
  const text = lines.join("");
  expect(text).toContain('"route":"/studies/:uid"');
  expect(text).not.toMatch(/1\.2\.826|Doe|Neil|P1\b/);
});

test("a study is deleted where nothing is being done about it", async () => {
  const remove = (n: number, headers = {}) =>
    server.inject({
      method: "DELETE",
      url: `/api/studies/${study(n)}`,
      headers: { host: "127.0.0.1:8080", ...headers },
    });
  expect((await remove(6, { origin: "https://evil.example" })).statusCode).toBe(403);
  expect((await remove(5)).json()).toMatchObject({ code: "E_STATE" });
  expect((await remove(6)).json()).toMatchObject({ studyUid: study(6), images: 0, files: 0 });
  expect((await get(`/api/studies/${study(6)}`)).statusCode).toBe(404);
  expect((await remove(6)).statusCode).toBe(404);
});
