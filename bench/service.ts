/**
 * The service's intake and worklist: `node bench/service.ts [--slices 400] [--studies 100000] [--database postgres://…]`.
 * A series of 512 × 512 by C-STORE (dcmtk's storescu) and by STOW-RS, every image safe before it is acknowledged, beside
 * Orthanc with its defaults, which acknowledges before the disk has it; then the worklist of many studies. Needs Debian's
 * dcmtk, and orthanc for the peer.
 */

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { textTable } from "../src/apps/cli/support/io.ts";
import { openDatabase } from "../src/apps/service/database/openDatabase.ts";
import { startScp } from "../src/apps/service/intake/dimse/startScp.ts";
import type { Intake } from "../src/apps/service/intake/receiveInstance.ts";
import { stow } from "../src/apps/service/intake/stow/stow.ts";
import { folderStore } from "../src/apps/service/pixels/folderStore.ts";
import { openQueue } from "../src/apps/service/queue/openQueue.ts";
import { listStudies, studyQuery } from "../src/apps/service/studies/listStudies.ts";
import { random } from "../src/base/random.ts";
import { ctSeries, uid } from "../src/imaging/formats/dicom/index.ts";
import { quantile } from "../src/numerics/stats/index.ts";

const { values } = parseArgs({
  options: {
    slices: { type: "string", default: "400" },
    studies: { type: "string", default: "100000" },
    database: { type: "string" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "bench-service-"));
const rows: string[][] = [];
const timed = async (name: string, work: () => unknown) => {
  const begun = performance.now();
  await work();
  rows.push([name, `${((performance.now() - begun) / 1000).toFixed(2)} s`]);
};

try {
  const database = await openDatabase(values.database, folder);
  const queue = await openQueue(database, { supervise: false });
  const intake: Intake = {
    database,
    queue,
    images: folderStore(join(folder, "images")),
    incoming: join(folder, "incoming"),
    settleSeconds: 3600,
    maxInstanceBytes: 1e9,
  };
  for (const name of ["store", "stow"]) writeSeries(name, Number(values.slices));
  await byStore(intake);
  await timed(`${values.slices} slices by STOW-RS`, () => byStow(intake));
  await byOrthanc();
  await worklist(intake, Number(values.studies));
  await queue.stop({ graceful: false });
  await database.close();
  console.log(textTable(["figure", "measured"], rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Noise: what compresses or repeats would be kind to nobody in particular, but is no CT. */
function writeSeries(name: string, slices: number): void {
  mkdirSync(join(folder, name));
  const size = [512, 512, slices] as const;
  const draw = random(1);
  const data = Int16Array.from({ length: 512 * 512 }, () => Math.floor(draw.uniform() * 2000) - 1000);
  const whole = new Int16Array(512 * 512 * slices);
  for (let k = 0; k < slices; k++) whole.set(data, k * data.length);
  const volume = {
    size,
    spacing: [0.7, 0.7, 1] as const,
    origin: [0, 0, 0] as const,
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const,
    data: whole,
  };
  const objects = ctSeries(volume, {
    context: { patient: { id: name }, study: { uid: uid(`bench ${name}`) }, frameOfReference: uid(name) },
    series: { uid: uid(`bench series ${name}`), number: 1, description: name },
    acquired: new Date(2026, 0, 1),
    name,
  });
  let k = 0;
  for (const { bytes } of objects) writeFileSync(join(folder, name, String(k++).padStart(5, "0")), bytes);
}

/** Not by `spawnSync`: images are taken by this process. */
function storescu(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const args = ["-R", "-aec", "BENCH", "127.0.0.1", String(port), "+sd", join(folder, "store")];
    const sender = spawn("storescu", args, { stdio: "ignore" });
    sender.on("exit", (code) => (code === 0 ? done() : fail(new Error(`storescu: ${code}`))));
  });
}

async function byStore(intake: Intake): Promise<void> {
  const scp = await startScp(intake, {
    host: "127.0.0.1",
    port: 0,
    aeTitle: "BENCH",
    callers: [],
    addresses: [],
    maxConnections: 5,
    maxPduBytes: 131_072,
    idleSeconds: 60,
  });
  const sent = () => storescu(scp.port);
  await timed(`${values.slices} slices by C-STORE`, sent);
  await timed("the same again", sent);
  await scp.stop();
}

function byStow(intake: Intake): Promise<unknown> {
  const body = Readable.from(
    (function* () {
      for (const name of readdirSync(join(folder, "stow"))) {
        yield Buffer.from("--b\r\nContent-Type: application/dicom\r\n\r\n");
        yield readFileSync(join(folder, "stow", name));
        yield Buffer.from("\r\n");
      }
      yield Buffer.from("--b--");
    })(),
  );
  const limits = { maxParts: 1e6, maxBodyBytes: 1e12, maxInstanceBytes: 1e9 };
  return stow(intake, { contentType: "multipart/related; boundary=b", body }, limits);
}

async function byOrthanc(): Promise<void> {
  if (spawnSync("Orthanc", ["--version"]).error) {
    rows.push(["Orthanc", "not installed"]);
    return;
  }
  const [dicom, http] = [await freePort(), await freePort()];
  const config = join(folder, "orthanc.json");
  const storage = join(folder, "orthanc");
  writeFileSync(
    config,
    JSON.stringify({
      StorageDirectory: storage,
      IndexDirectory: storage,
      DicomPort: dicom,
      HttpPort: http,
      Plugins: [],
    }),
  );
  const orthanc = spawn("Orthanc", [config], { stdio: "ignore" });
  try {
    while (!(await fetch(`http://127.0.0.1:${http}/system`).catch(() => undefined))) await wait(100);
    await timed(`${values.slices} slices by C-STORE to Orthanc`, () => storescu(dicom));
  } finally {
    orthanc.kill("SIGKILL");
  }
}

async function worklist({ database }: Intake, studies: number): Promise<void> {
  await database.query(
    `insert into trinephron.studies (study_uid, patient_id, patient_name, study_date, accession_number, search, state)
     select '1.2.826.0.1.' || n, 'P' || (n % 30000), 'Family' || (n % 30000) || '^Given' || n,
       to_char(date '2020-01-01' + n % 2000, 'YYYYMMDD'), 'A' || n,
       lower('Family' || (n % 30000) || '^Given' || n || ' P' || (n % 30000) || ' A' || n || ' 1.2.826.0.1.' || n), 'answered' from generate_series(1, $1::integer) n`,
    [studies],
  );
  await database.query("analyze");
  for (const [name, asked] of [
    ["first page", {}],
    ["first page by name", { sort: "patient", order: "asc" }],
    ["search of one", { search: "a77777" }],
    ["search of none", { search: "nobody" }],
  ] as const) {
    const times: number[] = [];
    for (let run = 0; run < 40; run++) {
      const begun = performance.now();
      await listStudies(database, studyQuery.parse(asked));
      times.push(performance.now() - begun);
    }
    rows.push([`worklist of ${studies}: ${name}, p95`, `${quantile(times, 0.95).toFixed(1)} ms`]);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
