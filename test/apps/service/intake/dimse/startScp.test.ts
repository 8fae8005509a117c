import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import dimse from "dcmjs-dimse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningScp, startScp } from "../../../../../src/apps/service/intake/dimse/startScp.ts";
import type { Intake } from "../../../../../src/apps/service/intake/receiveInstance.ts";
import { ctObjects, ctOf, grid, maskOf, segObject } from "../../../../imaging/formats/dicom/write/objects.ts";
import { peer } from "../../../../imaging/formats/dicom/write/peers.ts";
import { freePort } from "../../databases.ts";
import { anIntake, counts } from "../anIntake.ts";

dimse.log.setLevel("silent");

const settings = {
  host: "127.0.0.1",
  port: 0,
  aeTitle: "TRINEPHRON",
  callers: ["SENDER"],
  addresses: ["127.0.0.0/8"],
  maxConnections: 5,
  maxPduBytes: 16_384,
  idleSeconds: 0.5,
};
const images = ctObjects(ctOf(grid(16)));
const objects = [...images, segObject(maskOf(grid(16)), images)];

let intake: Intake;
let folder: string;
let scp: RunningScp;
const refused: string[] = [];
const ended: string[] = [];
beforeAll(async () => {
  ({ intake, folder } = await anIntake());
  scp = await startScp(intake, {
    ...settings,
    onRefused: (why) => refused.push(why),
    onEnded: (how) => ended.push(how),
  });
  mkdirSync(join(folder, "sent"));
  for (const [n, { bytes }] of objects.entries()) writeFileSync(join(folder, "sent", `${n}.dcm`), bytes);
});
afterAll(async () => {
  await scp.stop();
});
const sent = (n: number) => join(folder, "sent", `${n}.dcm`);
const until = async (met: () => boolean) => {
  for (let tries = 0; !met() && tries < 100; tries++) await wait(50);
  expect(met()).toBe(true);
};

/** Statuses of what was sent by dcmjs-dimse; "rejected" where there was no association. */
const store = (paths: readonly string[], calling = "SENDER", called = "TRINEPHRON") =>
  new Promise<(number | string)[]>((resolve) => {
    const client = new dimse.Client();
    const statuses: (number | string)[] = [];
    for (const path of paths) {
      const request = new dimse.requests.CStoreRequest(path);
      request.on("response", (response: { getStatus(): number }) => statuses.push(response.getStatus()));
      client.addRequest(request);
    }
    client.on("associationRejected", () => statuses.push("rejected"));
    client.on("networkError", (error: Error) => statuses.push(error.message));
    client.on("closed", () => resolve(statuses));
    client.send("127.0.0.1", scp.port, calling, called);
  });

test("images get success once they are safe, and again where they come twice", async () => {
  for (let twice = 0; twice < 2; twice++)
    expect(await store(objects.map((_, n) => sent(n)))).toEqual(objects.map(() => 0));
  expect(await counts(intake)).toEqual({ studies: 1, series: 2, instances: objects.length });
  expect(readdirSync(intake.incoming)).toEqual([]);
  const noted = await intake.database.query(
    `select a.actor, a.way, a.ae_title, a.address from trinephron.audit a
     join trinephron.studies s using (study_uid) where a.moment >= s.received_at - interval '1 millisecond'`,
  );
  expect(noted).toEqual([{ actor: "local", way: "C-STORE", ae_title: "SENDER", address: "127.0.0.1" }]);
  const senders = await intake.database.query("select distinct sender from trinephron.series");
  expect(senders).toEqual([{ sender: "SENDER" }]);
  const [{ content_key }] = await intake.database.query<{ content_key: string }>(
    "select content_key from trinephron.instances where sop_instance_uid = $1",
    [images[0].sopInstance],
  );
  const kept = readFileSync(await intake.images.local(content_key));
  // Its own meta information stands in front of what the sender's data set says, pixel for pixel.
  expect(kept.subarray(128, 132).toString()).toBe("DICM");
  expect(kept.subarray(-64).equals(images[0].bytes.subarray(-64))).toBe(true);
});

test.skipIf(!peer("storescu"))("dcmtk's storescu, which encodes anew, changes nothing", async () => {
  const args = [
    ...["-v", "-R"],
    "-aet",
    "SENDER",
    "-aec",
    "TRINEPHRON",
    "127.0.0.1",
    String(scp.port),
    "+sd",
    join(folder, "sent"),
  ];
  const { stderr, stdout } = await new Promise<{ stderr: string; stdout: string }>((resolve, reject) =>
    execFile("storescu", args, (error, stdout, stderr) =>
      error ? reject(error) : resolve({ stdout, stderr }),
    ),
  );
  expect((stdout + stderr).match(/Received Store Response \(Success\)/g)?.length).toBe(objects.length);
  expect(await counts(intake)).toEqual({ studies: 1, series: 2, instances: objects.length });
});

describe("refused is", () => {
  test.each([
    ["another calling AE title", "STRANGER", "TRINEPHRON"],
    ["another called AE title", "SENDER", "ANOTHER"],
  ])("%s", async (_, calling, called) => {
    expect(await store([sent(0)], calling, called)).toEqual(["rejected"]);
  });

  test("an image whose identity is another than the command says, with a status", async () => {
    const bytes = Buffer.from(images[0].bytes);
    const at = bytes.lastIndexOf(images[0].sopInstance);
    bytes.write("3", at);
    writeFileSync(join(folder, "other.dcm"), bytes);
    const other = new dimse.requests.CStoreRequest(join(folder, "other.dcm"));
    other.setAffectedSopInstanceUid("1.2.3");
    const status = await new Promise((resolve) => {
      const client = new dimse.Client();
      other.on("response", (response: { getStatus(): number }) => resolve(response.getStatus()));
      client.addRequest(other);
      client.send("127.0.0.1", scp.port, "SENDER", "TRINEPHRON");
    });
    expect(status).toBe(0xa900);
    expect(readdirSync(intake.incoming)).toEqual([]);
  });

  test.each<[string, Buffer]>([
    ["PDU", Buffer.from([1, 0, 0x7f, 0xff, 0xff, 0xff])],
    ["PDU", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["idle", Buffer.alloc(0)],
    ["idle", Buffer.from([1, 0, 0, 0, 1, 0, 0, 1])],
  ])("a connection for its %s", async (why, bytes) => {
    refused.length = 0;
    const socket = connect(scp.port, "127.0.0.1");
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    socket.write(bytes);
    await closed;
    await until(() => refused.includes(why));
  });

  test("a connection beyond their number", async () => {
    const sockets = Array.from({ length: 7 }, () => connect(scp.port, "127.0.0.1").on("error", () => {}));
    await until(() => refused.includes("connections"));
    for (const socket of sockets) socket.destroy();
  });
});

test("an image that breaks off leaves nothing", async () => {
  // Everything of an association up to the middle of an image, as it was sent before.
  const client = new dimse.Client();
  client.addRequest(new dimse.requests.CStoreRequest(sent(0)));
  const before = await counts(intake);
  const { port } = await cutting(scp.port, 1500);
  client.on("networkError", () => {});
  const ended = new Promise((resolve) => client.on("closed", resolve));
  client.send("127.0.0.1", port, "SENDER", "TRINEPHRON");
  await ended;
  await until(() => readdirSync(intake.incoming).length === 0);
  expect(await counts(intake)).toEqual(before);
});

/** A port that hands on so many bytes, and then breaks the connection. */
async function cutting(to: number, bytes: number): Promise<{ port: number }> {
  const { createServer } = await import("node:net");
  const port = await freePort();
  const server = createServer((incoming) => {
    const outgoing = connect(to, "127.0.0.1");
    let left = bytes;
    outgoing.pipe(incoming);
    for (const socket of [incoming, outgoing]) socket.on("error", () => {});
    incoming.on("data", (chunk) => {
      outgoing.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      outgoing.end();
      incoming.destroy();
      server.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { port };
}

test("a port that is taken is E_ADDRESS; a process that was killed is started again", async () => {
  await expect(startScp(intake, { ...settings, port: scp.port })).rejects.toMatchObject({
    code: "E_ADDRESS",
  });
  process.kill(childOf(process.pid), "SIGKILL");
  await until(() => !scp.isListening());
  await until(() => scp.isListening());
  expect(ended).toEqual(["SIGKILL"]);
  expect(await store([sent(0)])).toEqual([0]);
});

/** The process that listens. */
function childOf(parent: number): number {
  const found = readdirSync("/proc").find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const isChild = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
      return isChild && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("scp.child");
    } catch {
      return false;
    }
  });
  return Number(found);
}
