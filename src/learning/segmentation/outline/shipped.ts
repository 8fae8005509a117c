import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileError } from "../../../base/files.ts";

/** Where the model of kidneys, tumours and cysts lies that comes with this package, if one does. */
const shippedSegmentation = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..", "outlines");

/**
 * The folder of the segmentation model to use: the one named, else the one that comes with this package.
 * @param named `none` for no model at all
 * @param shipped undefined is returned where this is not there
 * @throws E_FILE_MISSING where the one named is not there
 */
export async function segmentationFolder(
  named: string | undefined,
  shipped = shippedSegmentation,
): Promise<string | undefined> {
  if (named === "none") return undefined;
  if (named !== undefined) {
    await access(named).catch((error) => {
      throw fileError(error, named, "E_FILE_MISSING");
    });
    return named;
  }
  return access(shipped).then(
    () => shipped,
    () => undefined,
  );
}
