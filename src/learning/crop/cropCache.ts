import { createHash } from "node:crypto";
import { join } from "node:path";
import { readWhole } from "../../base/files.ts";
import type { Case, ImageKind } from "../../patients/cohort/case.ts";
import { readArrayFile, writeArrayFile } from "./arrayFile.ts";
import { cropCase } from "./crop.ts";
import type { Crop, CropSettings } from "./cropInput.ts";

/** Raised whenever cropping changes what it yields. */
const magic = "trinephron-crop/4";

/** A case's crop from the cache, or cut and cached. Its key is a hash of the files' contents and the settings. */
export async function cachedCrop(
  folder: string,
  c: Case,
  settings: CropSettings,
  cache: string,
  kind: ImageKind = {},
): Promise<Crop> {
  const path = join(cache, `${await key(folder, c, settings, kind)}.crop`);
  const file = await readArrayFile(path, magic);
  // A damaged file is not trusted, only made again.
  if (typeof file !== "string") {
    const { present } = file.header as Pick<Crop, "present">;
    return { case: c.case, present, hu: file.arrays.hu as Int16Array, mask: file.arrays.mask as Uint8Array };
  }
  const { hu, mask, present } = await cropCase(folder, c, settings, kind);
  await writeArrayFile(path, magic, { header: { present }, arrays: { hu, mask } });
  return { case: c.case, hu, mask, present };
}

async function key(
  folder: string,
  c: Case,
  settings: CropSettings,
  { masks, intensities }: ImageKind,
): Promise<string> {
  const { center, fieldOfViewMm, voxels, window, phases } = settings;
  const hash = createHash("sha256").update(
    JSON.stringify([
      ...[magic, center, fieldOfViewMm, voxels, window[0], phases],
      ...((masks ?? intensities) ? [masks, intensities] : []),
    ]),
  );
  for (const path of [...phases.map((phase) => c.images[phase]), c.mask]) {
    hash.update("\0");
    if (path !== undefined) hash.update(await readWhole(join(folder, path)));
  }
  return hash.digest("hex");
}
