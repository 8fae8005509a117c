import { expect, test } from "vitest";
import { receiveInstance } from "../../../../src/apps/service/intake/receiveInstance.ts";
import { restoreImages } from "../../../../src/apps/service/intake/restoreImages.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { ctObjects, ctOf, grid } from "../../../imaging/formats/dicom/write/objects.ts";
import { anIntake, counts } from "./anIntake.ts";

test("a database that was lost gets all images back from the store, and one that was not stays", async () => {
  const { intake } = await anIntake();
  expect(await restoreImages(intake)).toBe(0);
  const images = ctObjects(ctOf(grid(16)));
  for (const { bytes } of images) {
    const writer = await stageFile(intake.incoming, 1e6);
    await writer.write(bytes);
    await receiveInstance(intake, await writer.finish(), "C-STORE");
  }
  expect(await restoreImages(intake)).toBe(0);
  await intake.database.query("truncate trinephron.studies cascade");
  expect(await restoreImages(intake)).toBe(images.length);
  expect(await counts(intake)).toEqual({ studies: 1, series: 1, instances: images.length });
  const [{ state }] = await intake.database.query("select state from trinephron.studies");
  expect(state).toBe("waiting");
});
