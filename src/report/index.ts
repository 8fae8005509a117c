export { type FigureFile, reportFigures } from "./figureFiles.ts";
export { renderReport } from "./report.ts";
export { textSummary } from "./textSummary.ts";
export { textTable } from "./textTable.ts";
