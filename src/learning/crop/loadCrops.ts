import { extname, join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { clearPartials } from "../../base/files.ts";
import { runPool } from "../../base/threads.ts";
import type { Work } from "../../base/work.ts";
import type { Case, Cohort, ImageKind } from "../../patients/cohort/case.ts";
import type { Crop, CropSettings } from "./cropInput.ts";
import { mustSuit } from "./suits.ts";

export interface LoadOptions extends Work {
  /** Folder of the cache, safe to delete. Default: `.crops` in the cohort's folder. */
  readonly cacheFolder?: string | undefined;
}

/** One case to cut or take from the cache: what crosses to a thread. */
export interface CropJob {
  /** That the case's paths are relative to. */
  readonly folder: string;
  readonly case: Case;
  readonly settings: CropSettings;
  readonly cache: string;
  readonly kind: ImageKind;
}

/** No crop takes that long: what is older was left by a killed process. */
const hour = 3_600_000;

/**
 * Every case's crop, in the cohort's order, cut by worker threads or taken from the cache.
 * @throws E_USAGE for settings that do not suit the cohort's masks; a case's error, as `cropCase`; E_FILE_WRITE; E_INTERRUPTED on `signal`, the crops cut so far kept
 */
export async function loadCrops(
  { folder, cases, masks, intensities }: Cohort,
  settings: CropSettings,
  { cacheFolder: cache = join(folder, ".crops"), threads, signal, progress }: LoadOptions = {},
): Promise<Crop[]> {
  const kind: ImageKind = { masks, intensities };
  mustSuit(settings, kind);
  await clearPartials(cache, hour);
  const crops: Crop[] = [];
  let done = 0;
  const jobs = cases.map((c): CropJob => ({ folder, case: c, settings, cache, kind }));
  await runPool<CropJob, Crop>(jobs, {
    worker: new URL(`./crop.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      if (outcome instanceof TrinephronError) throw outcome;
      crops[index] = outcome;
      progress?.("cropping", ++done, cases.length);
    },
  });
  return crops;
}
