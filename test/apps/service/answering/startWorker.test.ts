import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { ReadingSettings } from "../../../../src/apps/service/answering/readJob.ts";
import {
  startWorker,
  type Worker,
  type WorkReport,
} from "../../../../src/apps/service/answering/startWorker.ts";
import { deliveryQueue, openDeliveryQueues } from "../../../../src/apps/service/delivery/deliveryQueue.ts";
import { deliveriesOf } from "../../../../src/apps/service/delivery/listDeliveries.ts";
import { type Intake, receiveInstance } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { type Rule, rulesFile } from "../../../../src/apps/service/rules/rulesFile.ts";
import { cancelStudy, retryStudy } from "../../../../src/apps/service/studies/change.ts";
import { enqueue } from "../../../../src/apps/service/studies/enqueue.ts";
import { recoverReading, sweep } from "../../../../src/apps/service/studies/recover.ts";
import { predictionSchema } from "../../../../src/evidence/predict/prediction.ts";
import { aModel, aStudy, studyUid } from "../aStudy.ts";
import { anIntake } from "../intake/anIntake.ts";

let intake: Intake;
let folder: string;
let images: Buffer[];
let mask: Buffer;
let reading: ReadingSettings;
/** The worker's own model is read with where a rule names none. */
let rules: readonly Rule[] | undefined;
const rulesOf = (...own: object[]) =>
  rulesFile.parse({
    format: "trinephron-rules/1",
    rules: own.map((rule, n) => ({ name: `rule ${n}`, ...rule })),
  }).rules;
beforeAll(async () => {
  ({ images, mask } = await aStudy());
  ({ intake, folder } = await anIntake());
  intake = { ...intake, settleSeconds: 1 };
  await openDeliveryQueues(intake.queue, ["pacs", "archive"]);
  reading = { model: await aModel(), threads: 1, align: false, explain: false, picture: false };
});

const query = <R extends Record<string, unknown>>(text: string) => intake.database.query<R>(text);
const stateOf = async () =>
  (await query("select id, state, reason_code, attempt from trinephron.studies"))[0] as {
    id: number;
    state: string;
    reason_code: string | null;
    attempt: number;
  };
const events = async () =>
  (await query("select kind from trinephron.events order by id")).map(({ kind }) => kind);
const until = async (state: string) => {
  for (let tries = 0; tries < 600 && (await stateOf())?.state !== state; tries++) await wait(50);
  expect((await stateOf()).state).toBe(state);
};
const receive = async (...files: Buffer[]) => {
  for (const bytes of files) {
    const writer = await stageFile(intake.incoming, 1e8);
    await writer.write(bytes);
    await receiveInstance(intake, await writer.finish(), "STOW-RS");
  }
};
const reports: WorkReport[] = [];
const work = (own: Partial<ReadingSettings> = {}): Promise<Worker> =>
  startWorker({
    ...intake,
    results: folderStore(join(folder, "results")),
    work: join(folder, "work"),
    staging: join(folder, "staging"),
    reading: { ...reading, ...own },
    concurrency: 1,
    destinations: ["pacs", "archive"],
    models: { own: reading.model },
    rules,
    pollSeconds: 0.5,
    onReport: (report) => reports.push(report),
  });
const whileWorking = async (use: () => Promise<void>, own?: Partial<ReadingSettings>) => {
  const worker = await work(own);
  try {
    await use();
  } finally {
    await worker.stop();
  }
};
interface Kept {
  readonly [column: string]: unknown;
  readonly files: { readonly name: string; readonly key: string; readonly sopInstanceUid?: string }[];
  readonly answers: { readonly task: string; readonly probability: number }[];
}
const results = () =>
  query<Kept & Record<string, unknown>>("select files, answers, revision, attempt from trinephron.results");

describe("a study", () => {
  test("without a mask is not read, and why is said", async () => {
    await receive(...images);
    await whileWorking(() => until("not read"));
    expect(await stateOf()).toMatchObject({ reason_code: "E_MASK" });
    expect(await events()).toEqual(["received", "complete", "queued", "reading", "not read"]);
    expect(await results()).toEqual([]);
  });

  test("whose mask comes late is answered, with all files", async () => {
    rules = rulesOf(
      { when: { modality: ["MR"] }, ignore: "no CT" },
      { when: { modality: ["CT"] }, model: "own", destinations: ["pacs"] },
    );
    await receive(mask);
    await whileWorking(() => until("answered"), { model: join(folder, "not there") });
    const [{ detail }] = await query("select detail from trinephron.events where kind = 'answered'");
    expect(detail).toMatch(/^by the rule "rule 1"/);
    expect((await events()).slice(5)).toEqual(["late images", "complete", "queued", "reading", "answered"]);
    const [{ files, answers, revision }] = await results();
    expect(revision).toBe(images.length + 1);
    expect(answers.map(({ task }) => task).sort()).toEqual(["histology", "stage"]);
    expect(files.map(({ name }) => name).sort()).toEqual(
      ["mask.seg.dcm", "prediction.json", "report.fhir.json", "report.html", "report.sr.dcm"].sort(),
    );
    // Its way to the PACS has begun in the same transaction.
    expect(await deliveriesOf(intake.database, 1)).toMatchObject([{ destination: "pacs", state: "waiting" }]);
    expect((await intake.queue.findJobs(deliveryQueue("pacs"), { queued: true })).length).toBe(1);
    const store = folderStore(join(folder, "results"));
    const noted = await query(
      "select actor, study_uid, detail from trinephron.audit where action = 'result answered' order by id desc limit 1",
    );
    expect(noted).toEqual([
      {
        actor: "service",
        study_uid: studyUid,
        detail: expect.stringContaining(`"images":${images.length + 1},`),
      },
    ]);
    const json = files.find(({ name }) => name === "prediction.json")!;
    const prediction = predictionSchema.parse(JSON.parse(readFileSync(await store.local(json.key), "utf8")));
    expect(prediction.study.uid).toBe(studyUid);
    expect(prediction.answers[0].probability).toBe(answers[0].probability);
    // No path of this machine.
    expect(JSON.stringify(prediction)).not.toContain(folder);
  });
});

describe("a study", () => {
  test("that no rule wants is not read, nor one that a rule ignores, and why is said", async () => {
    const concluded = async (state: string) => {
      await retryStudy(intake, studyUid);
      await whileWorking(() => until(state));
      return (await query("select reason_code, reason from trinephron.studies"))[0];
    };
    rules = [];
    expect(await concluded("not read")).toEqual({ reason_code: "E_RULE", reason: "no rule wants it" });
    rules = rulesOf({ ignore: "a phantom" });
    expect(await concluded("not read")).toEqual({
      reason_code: "E_RULE",
      reason: 'a phantom (rule "rule 0")',
    });
    rules = rulesOf({ phases: ["nephrographic", "excretory"] });
    expect(await concluded("not read")).toMatchObject({
      reason_code: "E_PHASE",
      reason: expect.stringContaining("lacks excretory"),
    });
    rules = rulesOf({ destinations: ["pacs"] });
  });
});

describe("a worker that is stopped", () => {
  test("hands the study back; read again, its results have the same UIDs, and are no images of it", async () => {
    const uids = async () => (await results())[0].files.map(({ sopInstanceUid }) => sopInstanceUid).sort();
    const before = await uids();
    await retryStudy(intake, studyUid);
    const worker = await work();
    await until("reading");
    await worker.stop();
    expect(await stateOf()).toMatchObject({ state: "queued", attempt: 7 });
    expect(reports.at(-1)?.outcome).toBe("handed back");
    await whileWorking(() => until("answered"));
    expect((await events()).slice(-5)).toEqual(["reading", "interrupted", "queued", "reading", "answered"]);
    expect(await uids()).toEqual(before);
    expect(await results()).toMatchObject([{ attempt: 7 }]);
    const deliveries = await deliveriesOf(intake.database, 1);
    expect(deliveries.map(({ state }) => state)).toEqual(["waiting", "superseded"]);
    const store = folderStore(join(folder, "results"));
    for (const { key, name } of (await results())[0].files)
      if (name.endsWith(".dcm")) await receive(readFileSync(await store.local(key)));
    expect((await stateOf()).state).toBe("answered");
  });

  test("by a user who cancels leaves the study", async () => {
    await retryStudy(intake, studyUid);
    await expect(retryStudy(intake, studyUid)).rejects.toMatchObject({ code: "E_STATE" });
    await whileWorking(async () => {
      await until("reading");
      await cancelStudy(intake, studyUid);
      for (let tries = 0; tries < 200 && reports.at(-1)?.outcome !== "overtaken"; tries++) await wait(20);
    });
    expect(reports.at(-1)?.outcome).toBe("overtaken");
    expect((await stateOf()).state).toBe("canceled");
    await expect(cancelStudy(intake, studyUid)).rejects.toMatchObject({ code: "E_STATE" });
    await expect(cancelStudy(intake, "1.2.3")).rejects.toMatchObject({ code: "E_STUDY" });
  });
});

test("a model that is broken is no fault of the study", async () => {
  const broken = join(folder, "broken");
  mkdirSync(broken);
  writeFileSync(join(broken, "model.onnx"), "no model");
  await retryStudy(intake, studyUid);
  await whileWorking(() => until("failed"), { model: broken });
  expect(await stateOf()).toMatchObject({ reason_code: "E_MODEL" });
});

describe("a study that nobody reads any more", () => {
  const abandon = () =>
    query("update trinephron.studies set state = 'reading', changed_at = now() - interval '1 hour'");

  test("is given to the next worker when the service starts, but not for ever", async () => {
    await intake.database.transaction((statements) => enqueue(statements, intake.queue, 1));
    for (let times = 1; times < 5; times++) {
      await abandon();
      expect(await recoverReading(intake)).toBe(1);
      expect((await stateOf()).state).toBe("queued");
    }
    await abandon();
    await recoverReading(intake);
    expect(await stateOf()).toMatchObject({ state: "failed", reason_code: "E_RUNTIME" });
    expect(await recoverReading(intake)).toBe(0);
  });

  test("is found where its job is lost", async () => {
    await retryStudy(intake, studyUid);
    await query("update trinephron.studies set changed_at = now() - interval '1 hour'");
    expect(await sweep(intake)).toBe(0);
    await query("update trinephron.studies set attempt = attempt + 1");
    const { attempt } = await stateOf();
    expect(await sweep(intake)).toBe(1);
    expect(await stateOf()).toMatchObject({ state: "queued", attempt: attempt + 1 });
  });
});
