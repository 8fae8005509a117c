/**
 * Whether the service loses or doubles anything when it is killed: `node bench/serviceKills.ts --model FOLDER
 * [--studies 40] [--kills 10] [--seed 1] [--database postgres://…]`. Studies of a few slices, which end as "not read", are
 * sent by several senders at once, by STOW-RS and by dcmtk's storescu, who try again until they are told of success, while
 * the service, or its process for C-STORE, is killed at random (SIGKILL) and started again. In the end every study must be
 * complete, with one conclusion since its last images, and no file may be half received.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { random } from "../src/base/random.ts";
import { ctSeries, uid, type WrittenSlice } from "../src/imaging/formats/dicom/index.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    studies: { type: "string", default: "40" },
    kills: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    database: { type: "string" },
  },
});
if (values.model === undefined) throw new Error("--model is needed");
const [studies, kills] = [Number(values.studies), Number(values.kills)];
const slices = 6;
const draw = random(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), "bench-kills-"));
const data = join(folder, "data");
const [port, dicomPort] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}`;
let service!: ChildProcess;
let failures = 0;

try {
  await start();
  let isSending = true;
  const sending = Promise.all([0, 1, 2].map((sender) => send(sender))).then(() => (isSending = false));
  let killed = 0;
  for (; killed < kills; killed++) {
    await wait(500 + draw.uniform() * 3000);
    const scp = draw.uniform() < 0.3 ? childOf(service.pid!) : undefined;
    if (scp !== undefined) process.kill(scp, "SIGKILL");
    else {
      const ended = new Promise((done) => service.once("exit", done));
      service.kill("SIGKILL");
      await ended;
      await start();
    }
  }
  await sending;
  const told = await concluded();
  const wrong = told.filter(({ images, conclusions }) => images !== slices || conclusions !== 1);
  const ended = new Promise((done) => service.once("exit", done));
  service.kill("SIGTERM");
  await ended;
  const parts = readdirSync(join(data, "incoming")).length;
  console.log(
    `${told.length} of ${studies} studies, ${wrong.length} wrong, ${parts} half files; ${killed} kills, senders tried again ${failures} times${isSending ? " and still do" : ""}`,
  );
  for (const each of wrong) console.log(JSON.stringify(each));
  if (told.length !== studies || wrong.length > 0 || parts > 0) process.exitCode = 1;
} finally {
  service.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

async function start(): Promise<void> {
  const args = ["bin/trinephron.js", "serve", "--model", values.model!, "--data", data, "--settle", "3"];
  args.push("--port", String(port), "--dicom-port", String(dicomPort), "--workers", "2", "--threads", "1");
  if (values.database !== undefined) args.push("--database", values.database);
  service = spawn(process.execPath, args, { stdio: "ignore" });
  for (let tries = 0; tries < 600; tries++) {
    if ((await fetch(`${url}/readyz`).catch(() => undefined))?.ok) return;
    await wait(100);
  }
  throw new Error("the service does not start");
}

/** Every third study, all of its images one by one or at once, until each is acknowledged. */
async function send(sender: number): Promise<void> {
  for (let n = sender; n < studies; n += 3) {
    const images = study(n);
    const way = n % 2 === 0 ? byStow : byStore;
    while (!(await way(images, `${n}`))) {
      failures++;
      await wait(300);
    }
    await wait(200);
  }
}

function study(n: number): WrittenSlice[] {
  const volume = {
    size: [32, 32, slices] as const,
    spacing: [1, 1, 5] as const,
    origin: [0, 0, 0] as const,
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const,
    data: new Int16Array(32 * 32 * slices),
  };
  return [
    ...ctSeries(volume, {
      context: {
        patient: { id: `P${n}` },
        study: { uid: uid(`kills ${n}`) },
        frameOfReference: uid(`kills frame ${n}`),
      },
      series: { uid: uid(`kills series ${n}`), number: 1, description: "plain" },
      acquired: new Date(2026, 0, 1),
      name: "study",
    }),
  ];
}

async function byStow(images: readonly WrittenSlice[]): Promise<boolean> {
  const parts = images.flatMap(({ bytes }) => [
    Buffer.from("--b\r\nContent-Type: application/dicom\r\n\r\n"),
    bytes,
    Buffer.from("\r\n"),
  ]);
  const sent = await fetch(`${url}/dicomweb/studies`, {
    method: "POST",
    headers: { "content-type": "multipart/related; boundary=b" },
    body: Buffer.concat([...parts, Buffer.from("--b--")]),
  }).catch(() => undefined);
  return sent?.status === 200;
}

function byStore(images: readonly WrittenSlice[], name: string): Promise<boolean> {
  const sent = join(folder, name);
  mkdirSync(sent, { recursive: true });
  for (const [n, { bytes }] of images.entries()) writeFileSync(join(sent, String(n)), bytes);
  return new Promise((done) => {
    const args = ["-R", "-aec", "TRINEPHRON", "127.0.0.1", String(dicomPort), "+sd", sent];
    spawn("storescu", args, { stdio: "ignore" }).on("exit", (code) => done(code === 0));
  });
}

interface Told {
  readonly studyUid: string;
  readonly state: string;
  readonly images: number;
  readonly conclusions: number;
}

/** All studies, once none is being worked on; with how often each was concluded since its last images came. */
async function concluded(): Promise<Told[]> {
  const list = async () => {
    return (await get<{ studies: Told[] }>("/api/studies?limit=200")).studies;
  };
  for (let tries = 0; tries < 300; tries++) {
    const all = await list();
    if (
      all.every(({ state }) => ["answered", "not read", "failed"].includes(state)) &&
      all.length === studies
    )
      break;
    await wait(500);
  }
  return Promise.all(
    (await list()).map(async ({ studyUid, state, images }) => {
      const { events } = await get<{ events: { kind: string }[] }>(`/api/studies/${studyUid}`);
      const since = events.findIndex(({ kind }) => kind === "late images" || kind === "received");
      const conclusions = events
        .slice(0, since)
        .filter(({ kind }) => ["answered", "not read", "failed"].includes(kind)).length;
      return { studyUid, state, images, conclusions };
    }),
  );
}

/** A connection that was kept from a service that was killed breaks at its next use. */
async function get<T>(path: string): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${url}${path}`).catch(() => undefined);
    if (answer?.ok) return (await answer.json()) as T;
    if (tries > 20) throw new Error(`${path}: no answer`);
    await wait(200);
  }
}

function childOf(parent: number): number | undefined {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  const scp = children.find(
    (pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("scp.child"),
  );
  return scp === undefined ? undefined : Number(scp);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
