import { createHash } from "node:crypto";
import { join } from "node:path";
import { readWhole } from "../../base/files.ts";
import type { Case, ImageKind } from "../../patients/cohort/case.ts";
import { readArrayFile, writeArrayFile } from "./arrayFile.ts";
import { cropCase } from "./crop.ts";
import { type Crop, type CropSettings, type Cube, edgesMm } from "./cropInput.ts";

/** Raised whenever cropping changes what it yields. */
const magic = "trinephron-crop/4";

type Cubes = Cube & { readonly contextHu?: Cube["hu"]; readonly contextMask: Cube["mask"] };

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
    const { hu, mask, ...around } = file.arrays as unknown as Cubes;
    const context = around.contextHu && { hu: around.contextHu, mask: around.contextMask };
    return { case: c.case, present, hu, mask, ...(context && { context }) };
  }
  const crop = await cropCase(folder, c, settings, kind);
  const { hu, mask, context, present } = crop;
  const around = context && { contextHu: context.hu, contextMask: context.mask };
  await writeArrayFile(path, magic, { header: { present }, arrays: { hu, mask, ...around } });
  return crop;
}

async function key(
  folder: string,
  c: Case,
  settings: CropSettings,
  { masks, intensities }: ImageKind,
): Promise<string> {
  const { center, voxels, window, phases } = settings;
  const hash = createHash("sha256").update(
    JSON.stringify([
      ...[magic, center, ...edgesMm(settings), voxels, window[0], phases],
      ...((masks ?? intensities) ? [masks, intensities] : []),
    ]),
  );
  for (const path of [...phases.map((phase) => c.images[phase]), c.mask]) {
    hash.update("\0");
    if (path !== undefined) hash.update(await readWhole(join(folder, path)));
  }
  return hash.digest("hex");
}
