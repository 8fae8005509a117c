import { stat } from "node:fs/promises";
import { TrinephronError } from "../../../base/errors.ts";
import { instanceOf } from "./instance.ts";
import { readInstance } from "./readInstance.ts";
import { type Intake, register } from "./receiveInstance.ts";

/**
 * Takes the images of the store into a database that has none, as where it was lost and the images were not: what was
 * acknowledged to a sender is kept. A database with studies is left as it is.
 * @returns how many images were taken
 * @throws E_FILE_MISSING where the store cannot be read
 */
export async function restoreImages(intake: Intake): Promise<number> {
  const { database, images } = intake;
  const [{ empty }] = await database.query<{ empty: boolean }>(
    "select not exists (select 1 from trinephron.studies) as empty",
  );
  if (!empty) return 0;
  let restored = 0;
  for await (const key of images.keys()) {
    const path = await images.local(key);
    const { size } = await stat(path);
    try {
      const instance = instanceOf(await readInstance(path, size, "the image"), "the image");
      const outcome = await register(intake, instance, { key, bytes: size }, "store");
      if (outcome === "stored") restored++;
    } catch (error) {
      // Of two files with one SOP Instance UID the second is no image of the study.
      if (!(error instanceof TrinephronError)) throw error;
    }
  }
  return restored;
}
