import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { byApi, byPage } from "../../../../src/apps/service/audit/actor.ts";
import { addDeliveries } from "../../../../src/apps/service/delivery/addDeliveries.ts";
import { type Delivering, deliver } from "../../../../src/apps/service/delivery/deliver.ts";
import { deliveryQueue, openDeliveryQueues } from "../../../../src/apps/service/delivery/deliveryQueue.ts";
import { destination } from "../../../../src/apps/service/delivery/destination.ts";
import { deliveriesOf } from "../../../../src/apps/service/delivery/listDeliveries.ts";
import { openDestinations } from "../../../../src/apps/service/delivery/openDestinations.ts";
import { sweepDeliveries } from "../../../../src/apps/service/delivery/recoverDeliveries.ts";
import { replayDelivery, replayFailed } from "../../../../src/apps/service/delivery/replayDelivery.ts";
import { signature } from "../../../../src/apps/service/delivery/senders/webhook.ts";
import { startScp } from "../../../../src/apps/service/intake/dimse/startScp.ts";
import type { Intake } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { peer } from "../../../imaging/formats/dicom/write/peers.ts";
import { freePort } from "../databases.ts";
import { anIntake } from "../intake/anIntake.ts";
import { aReceiver } from "./aReceiver.ts";
import { aResult, objects, studyUid } from "./aResult.ts";

let intake: Intake;
let delivering: Delivering;
let study: number;
let folder: string;
let attempt = 1;
beforeAll(async () => {
  ({ intake, folder } = await anIntake());
  const made = await aResult(intake.database, folder);
  study = made.study;
  delivering = { ...intake, results: made.results, giveUpSeconds: 3600 };
  await openDeliveryQueues(intake.queue, ["there"]);
});
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A new result of the study, and a function that tries to deliver it. */
async function toDeliver(settings: object, environment: Record<string, string> = {}) {
  attempt++;
  await intake.database.query("update trinephron.results set attempt = $1", [attempt]);
  await intake.database.transaction((statements) =>
    addDeliveries(statements, intake.queue, { study, attempt }, ["there"]),
  );
  const parsed = destination.parse({ name: "there", ...settings });
  const send = (await openDestinations([parsed], environment, "TRINEPHRON")).get("there")!;
  const id = (await latest()).id;
  const now = () => intake.database.query("update trinephron.deliveries set next_at = now()");
  return {
    id,
    attempt: async (signal = new AbortController().signal) => {
      await now();
      return deliver(delivering, send, id, signal);
    },
  };
}
const latest = async () => (await deliveriesOf(intake.database, study))[0];
const receiver = async (answer: Parameters<typeof aReceiver>[0]) => {
  const opened = await aReceiver(answer);
  ends.push(opened.close);
  return opened;
};
const status =
  (...statuses: number[]) =>
  (response: ServerResponse, n: number) =>
    response.writeHead(statuses[Math.min(n, statuses.length - 1)]).end();

describe("a webhook", () => {
  test("that fails twice gets the result the third time, signed, and under one identity", async () => {
    const { url, requests } = await receiver((response, n) =>
      n === 0
        ? response.writeHead(503, { "retry-after": "100" }).end("busy")
        : n === 1
          ? response.destroy()
          : response.writeHead(204).end(),
    );
    const there = await toDeliver(
      { kind: "webhook", url: `${url}/hook`, secretVariable: "SECRET" },
      { SECRET: "known to both" },
    );
    expect(await there.attempt()).toMatchObject({ outcome: "waiting", code: "E_UNREACHABLE" });
    const waiting = await latest();
    expect(waiting).toMatchObject({ state: "waiting", tries: 1, reason: "HTTP status 503: busy" });
    expect(waiting.nextAt!.getTime() - Date.now()).toBeGreaterThan(90_000);
    // Before that moment a second job about it does nothing.
    expect(
      await deliver(delivering, () => expect.fail("it was tried"), there.id, new AbortController().signal),
    ).toMatchObject({ outcome: "over" });
    expect((await there.attempt()).outcome).toBe("waiting");
    expect((await latest()).reason).toBe("ECONNRESET");
    expect((await there.attempt()).outcome).toBe("delivered");
    expect(await latest()).toMatchObject({ state: "delivered", tries: 3, code: null, nextAt: null });
    expect((await there.attempt()).outcome).toBe("over");
    expect(requests.length).toBe(3);
    const [{ headers, body, url: path }] = requests;
    expect(path).toBe("/hook");
    const [id, timestamp] = [headers["webhook-id"] as string, headers["webhook-timestamp"] as string];
    expect(new Set(requests.map((request) => request.headers["webhook-id"]))).toEqual(new Set([id]));
    expect(headers["webhook-signature"]).toBe(signature("known to both", id, timestamp, body));
    expect(JSON.parse(body.toString())).toMatchObject({
      type: "study.answered",
      data: { studyUid, images: 5, answers: [{ task: "stage", probability: 0.6 }] },
    });
    expect(body.toString()).not.toMatch(/Secret|P1/);
  });

  test("is told the patient where that is asked for", async () => {
    const { url, requests } = await receiver(status(200));
    const there = await toDeliver({ kind: "webhook", url, patient: true });
    await there.attempt();
    expect(JSON.parse(requests[0].body.toString()).data.patientName).toBe("Secret^Name");
    expect(requests[0].headers["webhook-signature"]).toBeUndefined();
  });

  test("that says nothing is given up for now after its time; a service that stops takes the try back", async () => {
    const { url } = await receiver(() => {});
    const there = await toDeliver({ kind: "webhook", url, timeoutSeconds: 0.2 });
    await there.attempt();
    expect((await latest()).reason).toBe("no answer within 0.2 s");
    const slow = await toDeliver({ kind: "webhook", url });
    expect((await slow.attempt(AbortSignal.timeout(100))).outcome).toBe("handed back");
    expect(await latest()).toMatchObject({ state: "waiting", code: "E_INTERRUPTED" });
  });
});

describe("a delivery", () => {
  test("that is refused becomes a dead letter, which a user may send again", async () => {
    const { url } = await receiver(status(422, 200));
    const there = await toDeliver({ kind: "webhook", url });
    expect(await there.attempt()).toMatchObject({ outcome: "failed", code: "E_REFUSED" });
    expect((await there.attempt()).outcome).toBe("over");
    await expect(replayDelivery(intake, there.id, [])).rejects.toMatchObject({ code: "E_STATE" });
    await expect(replayDelivery(intake, 10_000, ["there"])).rejects.toMatchObject({ code: "E_STUDY" });
    expect(await replayFailed(intake, ["there"], "another")).toBe(0);
    expect(await replayFailed(intake, ["there"], undefined, byApi)).toBe(1);
    expect((await there.attempt()).outcome).toBe("delivered");
    // What was delivered may be lost there, and is sent again as well.
    expect(await replayDelivery(intake, there.id, ["there"], byPage)).toBe(studyUid);
    expect((await there.attempt()).outcome).toBe("delivered");
    const events = await intake.database.query<{ kind: string }>(
      "select kind from trinephron.events order by id desc limit 5",
    );
    expect(events.map(({ kind }) => kind).reverse()).toEqual([
      "not delivered",
      "sent again",
      "delivered",
      "sent again",
      "delivered",
    ]);
    const noted = await intake.database.query(
      "select actor, way, action, study_uid, detail from trinephron.audit order by id desc limit 4",
    );
    const [detail, to] = [JSON.stringify({ destination: "there" }), { study_uid: studyUid }];
    const delivered = { ...to, actor: "service", way: "", action: "result delivered", detail };
    const replayed = (actor: string, way: string) => ({
      ...to,
      actor,
      way,
      action: "delivery replayed",
      detail,
    });
    expect(noted).toEqual([delivered, replayed("local", "page"), delivered, replayed("local", "API")]);
  });

  test("of an earlier result is superseded, even while it is under way", async () => {
    const { url } = await receiver(status(503));
    const earlier = await toDeliver({ kind: "webhook", url });
    await earlier.attempt();
    let later: Awaited<ReturnType<typeof toDeliver>> | undefined;
    const slow = await receiver(async (response) => {
      later ??= await toDeliver({ kind: "webhook", url: slow.url });
      response.writeHead(200).end();
    });
    const underWay = await toDeliver({ kind: "webhook", url: slow.url });
    expect((await earlier.attempt()).outcome).toBe("over");
    expect((await underWay.attempt()).outcome).toBe("over");
    expect((await later!.attempt()).outcome).toBe("delivered");
    const states = (await deliveriesOf(intake.database, study)).map(({ state }) => state);
    expect(states.slice(0, 3)).toEqual(["delivered", "superseded", "superseded"]);
    await expect(replayDelivery(intake, earlier.id, ["there"])).rejects.toMatchObject({ code: "E_STATE" });
  });

  test("that is tried for too long, or whose destination is no more, is given up", async () => {
    const there = await toDeliver({ kind: "webhook", url: `http://127.0.0.1:${await freePort()}` });
    const age = (column: string) =>
      intake.database.query(`update trinephron.deliveries set ${column} = now() - interval '1 day'`);
    await age("since");
    expect(await there.attempt()).toMatchObject({ outcome: "failed", code: "E_UNREACHABLE" });
    expect((await latest()).reason).toBe("ECONNREFUSED");
    await replayDelivery(intake, there.id, ["there"]);
    for (const column of ["since", "next_at", "changed_at"]) await age(column);
    await sweepDeliveries(intake, ["another"], 3600);
    expect(await latest()).toMatchObject({ state: "failed", code: "E_UNREACHABLE" });
  });

  test("whose job is lost gets one, and one that has a job gets no second", async () => {
    const there = await toDeliver({ kind: "webhook", url: "http://127.0.0.1:1" });
    const jobs = async () =>
      (await intake.queue.findJobs(deliveryQueue("there"), { data: { delivery: there.id } })).length;
    const still = () =>
      intake.database.query(
        "update trinephron.deliveries set next_at = now() - interval '1 hour', changed_at = now() - interval '1 hour'",
      );
    await still();
    await sweepDeliveries(intake, ["there"], 3600 * 24);
    expect(await jobs()).toBe(1);
    await intake.queue.deleteAllJobs(deliveryQueue("there"));
    await sweepDeliveries(intake, ["there"], 3600 * 24);
    expect(await jobs()).toBe(1);
  });

  test("whose file is not in the store waits for it", async () => {
    const { url } = await receiver(status(200));
    const there = await toDeliver({ kind: "dicomweb", url });
    const keys =
      "update trinephron.results set files = (select jsonb_agg(file || $1::jsonb) from jsonb_array_elements(files) file)";
    const [{ files }] = await intake.database.query<{ files: object }>(
      "select files from trinephron.results",
    );
    await intake.database.query(keys, [JSON.stringify({ key: "0".repeat(64) })]);
    expect(await there.attempt()).toMatchObject({ outcome: "waiting", code: "E_FILE_MISSING" });
    await intake.database.query("update trinephron.results set files = $1::jsonb", [JSON.stringify(files)]);
  });
});

describe("STOW-RS", () => {
  test("sends the chosen objects byte for byte, with the secret of the environment", async () => {
    const { url, requests } = await receiver(status(200));
    const there = await toDeliver(
      { kind: "dicomweb", url: `${url}/pacs/`, basicVariable: "LOGIN", files: ["report", "segmentation"] },
      { LOGIN: "user:pass" },
    );
    expect((await there.attempt()).outcome).toBe("delivered");
    const [{ headers, body, url: path }] = requests;
    expect(path).toBe("/pacs/studies");
    expect(headers.authorization).toBe(`Basic ${Buffer.from("user:pass").toString("base64")}`);
    const boundary = /boundary=(\S+)/.exec(headers["content-type"]!)![1];
    const parts = body.toString("latin1").split(`--${boundary}`);
    expect(parts.length).toBe(4);
    for (const name of ["report.sr.dcm", "mask.seg.dcm"] as const)
      expect(body.includes(Buffer.from(objects[name].bytes))).toBe(true);
  });

  const reason = (value: number) =>
    JSON.stringify({ "00081198": { vr: "SQ", Value: [{ "00081197": { vr: "US", Value: [value] } }] } });
  test.each([
    ["of which one is wrong is refused", 202, reason(0xa900), "failed", "status A900 of storing"],
    ["for which there is no room is tried again", 409, reason(0xa700), "waiting", "status A700 of storing"],
    ["that is there already is delivered", 409, reason(0x0111), "delivered", null],
    ["without saying why is refused", 409, "<html>", "failed", "HTTP status 409: <html>"],
    ["by whom the service is not known is tried again", 401, "", "waiting", "HTTP status 401"],
  ])("%s", async (_, code, text, outcome, why) => {
    const { url } = await receiver((response) => response.writeHead(code).end(text));
    const there = await toDeliver({ kind: "dicomweb", url });
    expect((await there.attempt()).outcome).toBe(outcome);
    expect((await latest()).reason).toBe(why);
  });
});

/** A data set as dcmtk reads it, in the DICOM JSON Model. */
const json = (path: string): object =>
  JSON.parse(execFileSync("dcm2json", [path], { encoding: "utf8", maxBuffer: 1e8 }));

describe("C-STORE", () => {
  const listening = async (port: number) => {
    for (let tries = 0; tries < 100; tries++) {
      const isUp = await new Promise<boolean>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
        socket.unref().end();
      });
      if (isUp) return;
      await wait(50);
    }
    throw new Error("storescp does not listen");
  };

  test.skipIf(!peer("storescp"))("to dcmtk's storescp: twice sent is there once", async () => {
    const inbox = join(folder, "inbox");
    mkdirSync(inbox);
    const port = await freePort();
    const storescp: ChildProcess = spawn("storescp", ["-od", inbox, "-aet", "PACS", String(port)], {
      stdio: "ignore",
    });
    ends.push(() => storescp.kill());
    await listening(port);
    const there = await toDeliver({ kind: "dimse", host: "127.0.0.1", port, aeTitle: "PACS" });
    expect((await there.attempt()).outcome).toBe("delivered");
    await replayDelivery(intake, there.id, ["there"]);
    expect((await there.attempt()).outcome).toBe("delivered");
    const names = readdirSync(inbox);
    expect(names.length).toBe(3);
    // The library encodes anew, and may lose nothing.
    for (const [name, { bytes, sopInstance }] of Object.entries(objects)) {
      const [sent, received] = [name, names.find((each) => each.endsWith(sopInstance))!].map((each) =>
        join(inbox, each),
      );
      writeFileSync(sent, bytes);
      expect(json(received), name).toEqual(json(sent));
    }
  });

  test.skipIf(!peer("storescp"))(
    "to one who takes another encoding alone is refused, for it would lose letters",
    async () => {
      const port = await freePort();
      const args = ["+xi", "-od", folder, String(port)];
      const storescp: ChildProcess = spawn("storescp", args, { stdio: "ignore" });
      ends.push(() => storescp.kill());
      await listening(port);
      const there = await toDeliver({ kind: "dimse", host: "127.0.0.1", port, aeTitle: "PACS" });
      expect((await there.attempt()).outcome).toBe("failed");
      expect((await latest()).reason).toBe("transfer syntax 1.2.840.10008.1.2.1 is not taken there");
    },
  );

  test("to one who goes by another name is tried again", async () => {
    const other = { host: "127.0.0.1", port: 0, aeTitle: "OTHER", callers: [], addresses: ["127.0.0.1"] };
    const limits = { maxConnections: 5, maxPduBytes: 16_384, idleSeconds: 5 };
    const scp = await startScp(intake, { ...other, ...limits });
    const there = await toDeliver({ kind: "dimse", host: "127.0.0.1", port: scp.port, aeTitle: "PACS" });
    expect((await there.attempt()).outcome).toBe("waiting");
    expect((await latest()).reason).toMatch(/^the association was rejected/);
    await scp.stop();
  });

  test("to nobody, or to one who says nothing, is tried again", async () => {
    const port = await freePort();
    const there = await toDeliver({ kind: "dimse", host: "127.0.0.1", port, aeTitle: "PACS" });
    expect((await there.attempt()).outcome).toBe("waiting");
    expect((await latest()).reason).toMatch(/ECONNREFUSED/);
    const { createServer } = await import("node:net");
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
    ends.push(() => silent.close());
    const slow = await toDeliver({
      kind: "dimse",
      host: "127.0.0.1",
      port,
      aeTitle: "PACS",
      timeoutSeconds: 1,
    });
    expect((await slow.attempt()).outcome).toBe("waiting");
    expect((await latest()).reason).toBe("no answer within 1 s");
  });
});

test("a FHIR server gets a transaction of its own ids; a conflict is tried again", async () => {
  const { url, requests } = await receiver(status(409, 200));
  const there = await toDeliver({ kind: "fhir", url, bearerVariable: "TOKEN" }, { TOKEN: "t" });
  expect((await there.attempt()).outcome).toBe("waiting");
  expect((await there.attempt()).outcome).toBe("delivered");
  expect(requests[0].body.equals(requests[1].body)).toBe(true);
  expect(requests[0].headers).toMatchObject({
    authorization: "Bearer t",
    "content-type": "application/fhir+json",
  });
  expect(JSON.parse(requests[0].body.toString())).toMatchObject({ type: "transaction" });
});

afterAll(() => {
  for (const end of ends) end();
});
