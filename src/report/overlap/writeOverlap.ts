import { join } from "node:path";
import { writeWhole } from "../../base/files.ts";
import type { OverlapResults } from "../../learning/segmentation/compare/overlapResults.ts";
import { lesionsCsv, scoresCsv } from "../../learning/segmentation/compare/scoresTables.ts";
import { renderOverlap } from "./renderOverlap.ts";

/** Files of a comparison in its folder. */
export const overlapFiles = {
  scores: "scores.csv",
  lesions: "lesions.csv",
  report: "report.html",
  json: "scores.json",
} as const;

/** Writes all files of a comparison; `scores.json` last: its presence says that the folder is whole. @throws E_FILE_WRITE */
export async function writeOverlap(results: OverlapResults, folder: string): Promise<void> {
  const write = (name: keyof typeof overlapFiles, text: string) =>
    writeWhole(join(folder, overlapFiles[name]), text);
  await write("scores", scoresCsv(results));
  await write("lesions", lesionsCsv(results));
  await write("report", renderOverlap(results));
  await write("json", `${JSON.stringify(results, null, 1)}\n`);
}
