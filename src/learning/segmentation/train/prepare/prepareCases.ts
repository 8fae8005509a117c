import { extname } from "node:path";
import type { Work } from "../../../../base/work.ts";
import { readNiftiHeader } from "../../../../imaging/formats/nifti/index.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import { closestAxes } from "../../../../numerics/volume/resample/reorient.ts";
import type { SegmentationCase, SegmentationLabel } from "../../dataset/dataset.ts";
import type { PreparedFile } from "./prepared.ts";
import { preparedByThreads } from "./preparedByThreads.ts";
import type { PrepareJob } from "./prepareFile.ts";

/**
 * Every case prepared by threads, or taken from the cache; in the order given.
 * @throws as `prepareCase` and `preparedByThreads`
 */
export function prepareCases(
  cases: readonly SegmentationCase[],
  labels: readonly SegmentationLabel[],
  spacing: Vec3,
  cache: string,
  work: Work,
): Promise<PreparedFile[]> {
  const jobs = cases.map((c): PrepareJob => ({ case: c, labels, spacing, cache }));
  const worker = new URL(`./prepare.worker${extname(import.meta.url)}`, import.meta.url);
  return preparedByThreads(worker, jobs, "preparing", cache, work);
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
