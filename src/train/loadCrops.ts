import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Cohort } from "../cohort/case.ts";
import { type ErrorCode, TrinephronError } from "../errors.ts";
import type { Crop, CropSettings } from "./cropInput.ts";

export interface LoadOptions {
  /** Folder of the cache; safe to delete. */
  readonly cacheFolder: string;
  readonly threads: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the worker answers to a case's index. */
export type CropAnswer =
  | { readonly crop: Crop }
  | { readonly error: { readonly code?: ErrorCode; readonly message: string; readonly hint: string } };

/**
 * Every case's crop, in the cohort's order, cut by worker threads or taken from the cache.
 * @throws the first case's error, as `cropCase`
 */
export async function loadCrops(
  cohort: Cohort,
  settings: CropSettings,
  options: LoadOptions,
): Promise<Crop[]> {
  const { cases } = cohort;
  const crops: Crop[] = new Array(cases.length);
  let next = 0;
  let done = 0;
  const url = new URL(`./crop.worker${extname(import.meta.url)}`, import.meta.url);
  const workers = Array.from(
    { length: Math.min(options.threads, cases.length) },
    () => new Worker(url, { workerData: { folder: cohort.folder, settings, cache: options.cacheFolder } }),
  );
  const serve = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      const give = () => (next < cases.length ? worker.postMessage([next, cases[next++]]) : resolve());
      worker.on("error", reject);
      worker.on("message", ([index, answer]: [number, CropAnswer]) => {
        if ("error" in answer) {
          const { code, message, hint } = answer.error;
          reject(code ? new TrinephronError(code, message, hint) : new Error(message));
          return;
        }
        crops[index] = answer.crop;
        options.onProgress?.(++done, cases.length);
        give();
      });
      give();
    });
  try {
    await Promise.all(workers.map(serve));
    return crops;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
