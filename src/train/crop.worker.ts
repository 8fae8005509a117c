import { parentPort, workerData } from "node:worker_threads";
import type { Case } from "../cohort/case.ts";
import { TrinephronError } from "../errors.ts";
import { cachedCrop } from "./cropCache.ts";
import type { CropSettings } from "./cropInput.ts";
import type { CropAnswer } from "./loadCrops.ts";

const { folder, settings, cache } = workerData as { folder: string; settings: CropSettings; cache: string };

parentPort!.on("message", async ([index, c]: [number, Case]) => {
  try {
    const crop = await cachedCrop(folder, c, settings, cache);
    parentPort!.postMessage([index, { crop } satisfies CropAnswer], [
      crop.hu.buffer,
      crop.mask.buffer,
    ] as ArrayBuffer[]);
  } catch (error) {
    // An error's class does not survive the way between threads.
    const { message } = error as Error;
    const known = error instanceof TrinephronError ? { code: error.code, hint: error.hint } : { hint: "" };
    parentPort!.postMessage([index, { error: { message, ...known } } satisfies CropAnswer]);
  }
});
