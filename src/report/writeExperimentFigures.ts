import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../base/files.ts";
import type { ExperimentResults } from "../evidence/experiment/experimentResults.ts";
import { labeledFigure, sizesFigure } from "./figures/learningCurve.ts";
import { figureCsv, figureSvg } from "./figureTexts.ts";

/**
 * Writes the figures of an experiment, each as SVG and its numbers as CSV: `sizes` and `labeled`, as far as they are
 * there. Those of an earlier call go.
 * @throws E_FILE_WRITE
 */
export async function writeExperimentFigures(folder: string, results: ExperimentResults): Promise<void> {
  const { sizes, labeled } = results;
  const figures = {
    sizes: sizes && sizesFigure(results, sizes),
    labeled: labeled && labeledFigure(results, labeled),
  };
  for (const [name, figure] of Object.entries(figures)) {
    const path = join(folder, name);
    for (const ending of [".svg", ".csv"]) await rm(path + ending, { force: true });
    if (!figure) continue;
    await writeWhole(`${path}.svg`, figureSvg(figure, figure.title));
    await writeWhole(`${path}.csv`, figureCsv(figure));
  }
}
