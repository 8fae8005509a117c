import { parentPort } from "node:worker_threads";
import { serve } from "../../base/threads.ts";
import { cachedCrop } from "./cropCache.ts";
import type { Crop } from "./cropInput.ts";
import type { CropJob } from "./loadCrops.ts";

serve<CropJob, Crop>(parentPort, async ({ folder, case: c, settings, cache, kind }) =>
  shared(await cachedCrop(folder, c, settings, cache, kind)),
);

/** The crop in memory that all threads share: the one that trains and the one that augments hold it but once. */
function shared({ hu, mask, ...rest }: Crop): Crop {
  const sharedHu = new Int16Array(new SharedArrayBuffer(hu.byteLength));
  const sharedMask = new Uint8Array(new SharedArrayBuffer(mask.byteLength));
  sharedHu.set(hu);
  sharedMask.set(mask);
  return { ...rest, hu: sharedHu, mask: sharedMask };
}
