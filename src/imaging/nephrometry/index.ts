/**
 * R.E.N.A.L., PADUA, C-index and contact area measured on a mask of kidney and tumour; docs/nephrometry.md is the
 * guide.
 */

export { describe } from "./describe.ts";
export { type FigureOptions, figure } from "./figure/figure.ts";
export { scenePng } from "./figure/png.ts";
export type { Scene } from "./figure/scene.ts";
export { sceneSvg } from "./figure/svg.ts";
export { type AffectedKidney, affectedKidney, type Given, type Side } from "./kidney/affectedKidney.ts";
export { type CleanLabels, cleanLabels } from "./kidney/cleanLabels.ts";
export type { Lines } from "./kidney/polarLines.ts";
export { renalSinus, type Sinus, type SinusSource } from "./kidney/sinus.ts";
export type { Margin, Margins } from "./margin.ts";
export { nephrometry, type Reading, readTumors, type TumorNephrometry } from "./nephrometry.ts";
export { type Anterior, anterior } from "./renal/anterior.ts";
export { type Exophytic, exophytic } from "./renal/exophytic.ts";
export { type Location, location } from "./renal/location.ts";
export { type Nearness, nearness } from "./renal/nearness.ts";
export type { Complexity, Points } from "./renal/points.ts";
export { type Radius, radius } from "./renal/radius.ts";
export { type RenalResult, renal } from "./renal/renal.ts";
export { defaultRules, published, type Rules, refined } from "./rules.ts";
export { cIndex } from "./scores/cIndex.ts";
export { contactArea } from "./scores/contactArea.ts";
export { type PaduaResult, padua } from "./scores/padua.ts";
export { type Interval, type Uncertainty, uncertainty } from "./uncertainty.ts";
