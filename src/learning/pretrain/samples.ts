import { extname } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { runPool } from "../../base/threads.ts";
import type { Work } from "../../base/work.ts";
import type { Crop, CropSettings } from "../crop/cropInput.ts";
import { measureCrops } from "../trained/measureCrops.ts";
import type { Sample, SampleSpec } from "./drawSample.ts";

/** Simulated crops and all that is known of each. */
export interface Samples {
  readonly crops: readonly Crop[];
  /** `[samples][K]`: what is known of the phantom, then what is measured on its crop; undefined where it cannot be. */
  readonly targets: readonly (readonly (number | undefined)[])[];
}

/** Draws the phantoms `first` to `first + count` of a seed on threads. @throws E_INTERRUPTED */
export async function drawSamples(
  { seed, first, count, crop }: { seed: number; first: number; count: number; crop: CropSettings },
  { threads = 1, signal, progress }: Work,
): Promise<Samples> {
  const jobs = Array.from({ length: count }, (_, i): SampleSpec => ({ seed, index: first + i, crop }));
  const samples: Sample[] = [];
  let done = 0;
  await runPool<SampleSpec, Sample>(jobs, {
    worker: new URL(`./drawSample.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      if (outcome instanceof TrinephronError) throw outcome;
      samples[index] = outcome;
      progress?.("drawing", ++done, count);
    },
  });
  const crops = samples.map((sample) => sample.crop);
  const measured = await measureCrops(crops, crop, threads);
  return { crops, targets: samples.map(({ known }, i) => [...known, ...measured[i]]) };
}
