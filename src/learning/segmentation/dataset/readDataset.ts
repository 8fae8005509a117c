import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readCohort } from "../../../patients/cohort/csv.ts";
import { cohortDataset } from "./cohortDataset.ts";
import type { SegmentationDataset } from "./dataset.ts";
import { readDatasetJson } from "./datasetJson.ts";

/**
 * Images with labels to learn from.
 * @param path a `dataset.json` (of any name) or a folder that holds one, else a cohort
 * @throws as `readDatasetJson` and `readCohort`
 */
export async function readDataset(path: string): Promise<SegmentationDataset> {
  if (/\.json$/i.test(path)) return readDatasetJson(path);
  const inside = join(path, "dataset.json");
  const there = await stat(inside).then(
    () => true,
    () => false,
  );
  return there ? readDatasetJson(inside) : cohortDataset(await readCohort(path));
}
