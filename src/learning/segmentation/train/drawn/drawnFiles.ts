import { extname } from "node:path";
import type { Work } from "../../../../base/work.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { DrawnCase } from "../../dataset/dataset.ts";
import type { PreparedFile } from "../prepare/prepared.ts";
import { preparedByThreads } from "../prepare/preparedByThreads.ts";
import type { SegmentSettings } from "../segmentSettings.ts";
import { drawnLabels } from "./drawnDataset.ts";
import type { DrawJob } from "./drawnFile.ts";

/** Every case drawn by threads, or taken from the cache; in the order given. @throws as `preparedByThreads` */
export function drawnFiles(
  cases: readonly DrawnCase[],
  drawn: SegmentSettings["drawn"],
  spacing: Vec3,
  cache: string,
  work: Work,
): Promise<PreparedFile[]> {
  const labels = drawnLabels(drawn).length;
  const jobs = cases.map((c): DrawJob => ({ case: c, labels, drawn, spacing, cache }));
  const worker = new URL(`./drawn.worker${extname(import.meta.url)}`, import.meta.url);
  return preparedByThreads(worker, jobs, "drawing", cache, work);
}
