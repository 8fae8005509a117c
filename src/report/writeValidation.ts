import { join } from "node:path";
import { writeWhole } from "../base/files.ts";
import { writePredictions } from "../evidence/predictions/predictions.ts";
import { writeReaders } from "../evidence/readers/readings.ts";
import type { Validation } from "../evidence/validate/validateModels.ts";
import { renderReport } from "./report.ts";
import { writeFigures } from "./writeFigures.ts";

/** Files of a validation in its folder; the figures go into a folder `figures` beside them. */
export const validationFiles = {
  predictions: "predictions.csv",
  readers: "readers.csv",
  thresholds: "thresholds.json",
  results: "results.json",
  report: "report.html",
} as const;

/** Writes all files of a validation; `results.json` last but for the report made from it. @throws E_FILE_WRITE */
export async function writeValidation(
  { predictions, readings, thresholds, results }: Validation,
  folder: string,
): Promise<void> {
  const file = (name: keyof typeof validationFiles) => join(folder, validationFiles[name]);
  await writePredictions(file("predictions"), predictions);
  await writeReaders(file("readers"), readings);
  await writeWhole(file("thresholds"), `${JSON.stringify(thresholds, null, 2)}\n`);
  await writeWhole(file("results"), `${JSON.stringify(results, null, 1)}\n`);
  await writeWhole(file("report"), renderReport(results));
  await writeFigures(join(folder, "figures"), results);
}
