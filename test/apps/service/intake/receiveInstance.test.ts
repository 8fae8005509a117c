import { readdirSync, readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { Announced } from "../../../../src/apps/service/intake/instance.ts";
import { type Intake, receiveInstance } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { queues } from "../../../../src/apps/service/queue/openQueue.ts";
import { listStudies, studyQuery } from "../../../../src/apps/service/studies/listStudies.ts";
import { ctSeries, encodePart10, uid } from "../../../../src/imaging/formats/dicom/index.ts";
import { context, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { anIntake, counts } from "./anIntake.ts";

let intake: Intake;
beforeAll(async () => void ({ intake } = await anIntake()));

async function receive(bytes: Uint8Array, announced?: Announced) {
  const writer = await stageFile(intake.incoming, 1e8);
  await writer.write(bytes);
  return receiveInstance(intake, await writer.finish(), "STOW-RS", announced);
}
const ct = (study = "study", series = "series") => [
  ...ctSeries(ctOf(grid(16)), {
    context: { ...context, study: { ...context.study, uid: uid(study) } },
    series: { uid: uid(`${study} ${series}`), number: 3, description: "venous" },
    acquired: new Date(2020, 0, 2, 10, 11, 42),
    name: "ct",
  }),
];
const stateOf = async (study: string) =>
  (
    await intake.database.query(
      "select state, revision, patient_name, patient_id, study_date from trinephron.studies where study_uid = $1",
      [uid(study)],
    )
  )[0];
const eventsOf = async (study: string) =>
  (
    await intake.database.query(
      "select kind from trinephron.events e join trinephron.studies s on s.id = e.study_id where study_uid = $1 order by e.id",
      [uid(study)],
    )
  ).map(({ kind }) => kind);

describe("an image", () => {
  test("is stored with its series and study, and begins one wait for more", async () => {
    const images = ct();
    for (const { bytes } of images) expect((await receive(bytes)).outcome).toBe("stored");
    expect(await counts(intake)).toEqual({ studies: 1, series: 1, instances: 5 });
    expect(await stateOf("study")).toEqual({
      state: "waiting",
      revision: 5,
      patient_name: "Müller^Jörg=山田^太郎",
      patient_id: "P1",
      study_date: "20200102",
    });
    expect(await eventsOf("study")).toEqual(["received"]);
    expect((await intake.queue.findJobs(queues.settle, { queued: true })).length).toBe(1);
    const [{ content_key }] = await intake.database.query<{ content_key: string }>(
      "select content_key from trinephron.instances where sop_instance_uid = $1",
      [images[2].sopInstance],
    );
    expect(readFileSync(await intake.images.local(content_key)).equals(images[2].bytes)).toBe(true);
  });

  test("is found by any part of its patient's name, in capital letters too, and by its numbers", async () => {
    const found = async (search: string) =>
      (await listStudies(intake.database, studyQuery.parse({ search }))).studies.map(
        ({ studyUid }) => studyUid,
      );
    for (const search of ["MÜLLER^J", "mu\u0308ller", "太郎", "p1", "a1", uid("study").slice(5, 30)])
      expect(await found(search), search).toEqual([uid("study")]);
    for (const search of ["Mueller", "%", "_", "\\"]) expect(await found(search), search).toEqual([]);
  });

  test("that comes again, even encoded anew, changes nothing", async () => {
    const before = await stateOf("study");
    for (const { bytes } of ct()) expect((await receive(bytes)).outcome).toBe("known");
    const [{ bytes }] = ct();
    // Without preamble and meta information, as a sender may have it.
    expect((await receive(bytes.subarray(132))).outcome).toBe("known");
    expect(await stateOf("study")).toEqual(before);
    expect(await counts(intake)).toEqual({ studies: 1, series: 1, instances: 5 });
  });

  test("of one study from many senders at once is each stored once", async () => {
    const images = ct("busy").flatMap((image) => [image, image]);
    const outcomes = await Promise.all(images.map(({ bytes }) => receive(bytes)));
    expect(outcomes.filter(({ outcome }) => outcome === "stored").length).toBe(5);
    expect(await stateOf("busy")).toMatchObject({ revision: 5 });
    expect(await eventsOf("busy")).toEqual(["received"]);
  });

  test("that comes late makes an answered study wait again", async () => {
    const images = ct("late");
    await receive(images[0].bytes);
    await intake.database.query("update trinephron.studies set state = 'answered' where study_uid = $1", [
      uid("late"),
    ]);
    await receive(images[0].bytes);
    expect(await stateOf("late")).toMatchObject({ state: "answered", revision: 1 });
    await receive(images[1].bytes);
    expect(await stateOf("late")).toMatchObject({ state: "waiting", revision: 2 });
    expect(await eventsOf("late")).toEqual(["received", "late images"]);
  });

  test("that the service made itself is no image of the study", async () => {
    const [image, own] = ct("routed");
    await receive(image.bytes);
    await intake.database.query(
      "insert into trinephron.outputs (sop_instance_uid, study_id) select $2, id from trinephron.studies where study_uid = $1",
      [uid("routed"), own.sopInstance],
    );
    expect((await receive(own.bytes)).outcome).toBe("own result");
    expect(await stateOf("routed")).toMatchObject({ revision: 1 });
  });
});

describe("refused is", () => {
  const [image] = ct("refused");
  const dataset = {
    SOPClassUID: "1.2.3",
    SOPInstanceUID: uid("refused"),
    StudyInstanceUID: uid("refused"),
    SeriesInstanceUID: uid("refused series"),
  };
  const plain = (changed: object) => encodePart10({ ...dataset, ...changed }, "plain");
  /** Longer than the 64 characters of a UID; DICOM's own writer would refuse it. */
  const long = (bytes: Uint8Array) =>
    Buffer.from(
      Buffer.from(bytes)
        .toString("latin1")
        .replaceAll(dataset.StudyInstanceUID, (uid) => `x${uid.slice(1)}`),
      "latin1",
    );
  const deflated = () => {
    const meta = Buffer.from(image.bytes.subarray(0, 400)).toString("latin1");
    const at = meta.indexOf("1.2.840.10008.1.2.1\0");
    return Buffer.concat([
      Buffer.from([meta.slice(0, at - 2), "\x16\0", "1.2.840.10008.1.2.1.99"].join(""), "latin1"),
      deflateRawSync(Buffer.alloc(1000)),
    ]);
  };

  test.each<[string, () => Uint8Array, string, Announced?]>([
    ["what is no DICOM", () => Buffer.from("<html>".repeat(100)), "E_FORMAT"],
    ["nothing", () => new Uint8Array(), "E_FILE_TRUNCATED"],
    ["an image without its end", () => image.bytes.subarray(0, image.bytes.length - 10), "E_FILE_TRUNCATED"],
    ["an image cut within its header", () => image.bytes.subarray(0, 900), "E_FILE_TRUNCATED"],
    ["no study", () => plain({ StudyInstanceUID: undefined }), "E_UID"],
    ["no series", () => plain({ SeriesInstanceUID: undefined }), "E_UID"],
    ["no instance", () => plain({ SOPInstanceUID: undefined }), "E_UID"],
    ["a UID that is none", () => long(plain({})), "E_UID"],
    ["another study than the address says", () => plain({}), "E_UID", { studyUid: "1.2.3" }],
    ["another instance than announced", () => plain({}), "E_UID", { sopInstanceUid: "1.2.3" }],
    ["another class than announced", () => plain({}), "E_UID", { sopClassUid: "1.2.4" }],
    ["a deflated data set, which may unpack to any size", deflated, "E_UNSUPPORTED"],
    [
      "a header without end",
      () => Buffer.concat([plain({ PixelData: undefined }), Buffer.alloc(2 ** 24)]),
      "E_LIMIT",
    ],
    ["a series of another study", () => plain({ SeriesInstanceUID: uid("study series") }), "E_UID"],
    ["an instance of another series", () => plain({ SOPInstanceUID: ct()[0].sopInstance }), "E_UID"],
  ])("%s", async (_, bytes, code, announced) => {
    const before = await counts(intake);
    expect(await receive(bytes(), announced)).toMatchObject({ outcome: "refused", error: { code } });
    expect(await counts(intake)).toEqual(before);
    expect(readdirSync(intake.incoming)).toEqual([]);
  });
});
