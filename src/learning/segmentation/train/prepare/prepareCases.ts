import { extname } from "node:path";
import { TrinephronError } from "../../../../base/errors.ts";
import { clearPartials } from "../../../../base/files.ts";
import { runPool } from "../../../../base/threads.ts";
import type { Work } from "../../../../base/work.ts";
import { readNiftiHeader } from "../../../../imaging/formats/nifti/index.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import { closestAxes } from "../../../../numerics/volume/resample/reorient.ts";
import type { SegmentationCase, SegmentationLabel } from "../../dataset/dataset.ts";
import type { PreparedFile, PrepareJob } from "./prepared.ts";

/** No case takes that long: what is older was left by a killed process. */
const hour = 3_600_000;

/**
 * Every case prepared by threads, or taken from the cache; in the order given.
 * @throws a case's error, as `prepareCase`; E_FILE_WRITE; E_INTERRUPTED on `signal`, the cases prepared so far kept
 */
export async function prepareCases(
  cases: readonly SegmentationCase[],
  labels: readonly SegmentationLabel[],
  spacing: Vec3,
  cache: string,
  { threads, signal, progress }: Work,
): Promise<PreparedFile[]> {
  await clearPartials(cache, hour);
  const files: PreparedFile[] = [];
  let done = 0;
  await runPool<PrepareJob, PreparedFile>(
    cases.map((c) => ({ case: c, labels, spacing, cache })),
    {
      worker: new URL(`./prepare.worker${extname(import.meta.url)}`, import.meta.url),
      threads,
      signal,
      done: (index, outcome) => {
        if (outcome instanceof TrinephronError) throw outcome;
        files[index] = outcome;
        progress?.("preparing", ++done, cases.length);
      },
    },
  );
  return files;
}

/** The median distance of voxels along S, P and L (D, H, W), mm. */
export async function medianSpacing(cases: readonly SegmentationCase[]): Promise<Vec3> {
  const spacings = await Promise.all(
    cases.map(async ({ labels }) => {
      const header = await readNiftiHeader(labels);
      return closestAxes(header).axes.map((a) => header.spacing[a]);
    }),
  );
  const median = (axis: number) => {
    const sorted = spacings.map((spacing) => spacing[axis]).sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  };
  return [median(2), median(1), median(0)];
}
