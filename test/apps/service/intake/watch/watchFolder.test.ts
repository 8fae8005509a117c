import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import type { Intake, Received } from "../../../../../src/apps/service/intake/receiveInstance.ts";
import { watchFolder } from "../../../../../src/apps/service/intake/watch/watchFolder.ts";
import { ctObjects, ctOf, grid } from "../../../../imaging/formats/dicom/write/objects.ts";
import { anIntake, counts } from "../anIntake.ts";

let intake: Intake;
let inbox: string;
const outcomes: Received["outcome"][] = [];
beforeAll(async () => {
  const made = await anIntake();
  intake = { ...made.intake, onReceived: ({ outcome }) => void outcomes.push(outcome) };
  inbox = join(made.folder, "inbox");
  mkdirSync(join(inbox, "deeper"), { recursive: true });
});
const images = ctObjects(ctOf(grid(16)));
const until = async (met: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 100 && !(await met()); tries++) await wait(20);
  expect(await met()).toBe(true);
};

test("images are taken once they are whole, wherever they lie; what is none is refused once", async () => {
  const whole = images[0].bytes;
  writeFileSync(join(inbox, "0.dcm"), whole);
  writeFileSync(join(inbox, "deeper", "1"), images[1].bytes);
  writeFileSync(join(inbox, "notes.txt"), "not an image");
  const watched = watchFolder(intake, inbox, { everyMs: 30 });
  try {
    await until(async () => (await counts(intake)).instances === 2 && outcomes.length === 3);
    // Copied slowly: it grows at each look.
    for (let part = 1; part <= 5; part++) {
      writeFileSync(join(inbox, "2.dcm"), images[2].bytes.subarray(0, (images[2].bytes.length * part) / 5));
      await wait(20);
    }
    await until(async () => (await counts(intake)).instances === 3);
    await wait(100);
    expect(outcomes.filter((outcome) => outcome === "stored").length).toBe(3);
    expect(existsSync(join(inbox, "0.dcm"))).toBe(true);
  } finally {
    await watched.stop();
  }
});

test("after a new start nothing is taken twice; a folder that is not there yet is waited for", async () => {
  outcomes.length = 0;
  const errors: Error[] = [];
  const again = watchFolder(intake, inbox, { everyMs: 20 });
  const later = watchFolder(intake, join(inbox, "later"), {
    everyMs: 20,
    onError: (error) => errors.push(error),
  });
  await until(() => errors.length > 0 && outcomes.length > 0);
  mkdirSync(join(inbox, "later"));
  writeFileSync(join(inbox, "later", "3"), images[3].bytes);
  await until(async () => (await counts(intake)).instances === 4);
  await Promise.all([again.stop(), later.stop()]);
  expect(outcomes.filter((outcome) => outcome === "stored").length).toBe(1);
});
