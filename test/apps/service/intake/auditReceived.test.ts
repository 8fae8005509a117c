import { beforeAll, beforeEach, expect, test } from "vitest";
import { auditPage, auditPages } from "../../../../src/apps/service/audit/readAudit.ts";
import { verifyAudit } from "../../../../src/apps/service/audit/verifyAudit.ts";
import type { Announced } from "../../../../src/apps/service/intake/instance.ts";
import { type Intake, receiveInstance } from "../../../../src/apps/service/intake/receiveInstance.ts";
import type { Origin } from "../../../../src/apps/service/intake/registerInstance.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { ctObjects, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { anIntake } from "./anIntake.ts";

let intake: Intake;
let before: number;
const images = ctObjects(ctOf(grid(16)));
beforeAll(async () => void ({ intake } = await anIntake()));
beforeEach(async () => void ({ entries: before } = await verifyAudit(auditPages(intake.database))));

async function receive(n: number, origin: Origin, announced?: Announced) {
  const writer = await stageFile(intake.incoming, 1e6);
  await writer.write(images[n].bytes);
  await receiveInstance(intake, await writer.finish(), origin, announced);
}
const noted = () => auditPage(intake.database, { after: before }, 10);

test("a study is noted once for each association, however many images, with who called", async () => {
  const called = { sender: "CT_1", address: "10.1.2.3" };
  for (const [n, request] of ["a", "a", "b"].entries()) await receive(n, "C-STORE", { ...called, request });
  // It changes nothing.
  await receive(0, "C-STORE", { ...called, request: "c" });
  const entry = {
    actor: "local",
    way: "C-STORE",
    aeTitle: "CT_1",
    address: "10.1.2.3",
    action: "study received",
    detail: '{"origin":"C-STORE"}',
  };
  expect(await noted()).toMatchObject([
    { ...entry, request: "a" },
    { ...entry, request: "b" },
  ]);
});

test("from a folder it is noted when it begins to wait, as the service's doing", async () => {
  await receive(3, "folder");
  expect(await noted()).toEqual([]);
  await intake.database.query("update trinephron.studies set state = 'answered'");
  await receive(4, "folder");
  expect(await noted()).toMatchObject([{ actor: "service", way: "", detail: '{"origin":"folder"}' }]);
});
