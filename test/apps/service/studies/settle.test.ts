import { beforeAll, expect, test } from "vitest";
import { type Intake, receiveInstance } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { queues } from "../../../../src/apps/service/queue/openQueue.ts";
import { settle } from "../../../../src/apps/service/studies/settle.ts";
import { ctObjects, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { anIntake } from "../intake/anIntake.ts";

let intake: Intake;
const images = ctObjects(ctOf(grid(16)));
beforeAll(async () => void ({ intake } = await anIntake()));

const receive = async (n: number) => {
  const writer = await stageFile(intake.incoming, 1e6);
  await writer.write(images[n].bytes);
  await receiveInstance(intake, await writer.finish(), "C-STORE");
};
const state = async () =>
  (await intake.database.query("select state, attempt from trinephron.studies where id = 1"))[0];
/** Seconds until the jobs that wait, of either queue. */
const jobs = async (name: string) =>
  (await intake.queue.findJobs(name, { key: "1", queued: true })).map(
    ({ startAfter }) => (startAfter.getTime() - Date.now()) / 1000,
  );
const quiet = (seconds: number) =>
  intake.database.query("update trinephron.studies set last_image_at = now() - make_interval(secs => $1)", [
    seconds,
  ]);

test("a study is put off while images come, and queued once when none has come for long enough", async () => {
  await receive(0);
  const [first, ...others] = await jobs(queues.settle);
  expect(others).toEqual([]);
  expect(first).toBeGreaterThan(50);

  // The job runs; another image came 20 seconds ago.
  await intake.queue.deleteAllJobs(queues.settle);
  await receive(1);
  await quiet(20);
  await settle(intake, 1);
  expect(await state()).toEqual({ state: "waiting", attempt: 0 });
  const [again] = await jobs(queues.settle);
  expect(again).toBeGreaterThan(30);
  expect(again).toBeLessThan(45);

  await quiet(61);
  for (let twice = 0; twice < 2; twice++) await settle(intake, 1);
  expect(await state()).toEqual({ state: "queued", attempt: 1 });
  expect((await jobs(queues.answer)).length).toBe(1);

  // It was in the queue already.
  await receive(2);
  expect(await state()).toEqual({ state: "waiting", attempt: 1 });
  await settle(intake, 99);
});
