import { parentPort } from "node:worker_threads";
import { serve } from "../../base/threads.ts";
import { cachedCrop } from "./cropCache.ts";
import type { Crop } from "./cropInput.ts";
import type { CropJob } from "./loadCrops.ts";
import { sharedCrop } from "./sharedCrop.ts";

serve<CropJob, Crop>(parentPort, async ({ folder, case: c, settings, cache, kind }) =>
  sharedCrop(await cachedCrop(folder, c, settings, cache, kind)),
);
