export { borderline, describe } from "./describe.ts";
export * from "./figure/index.ts";
export { tumorJson } from "./json.ts";
export {
  type AffectedKidney,
  affectedKidney,
  affectedKidneys,
  type Given,
  type Side,
} from "./kidney/affectedKidney.ts";
export { cleanLabels } from "./kidney/cleanLabels.ts";
export type { Lines } from "./kidney/polarLines.ts";
export { renalSinus, type Sinus, type SinusSource } from "./kidney/sinus.ts";
export { type Margin, type Margins, margins } from "./margin.ts";
export { nephrometry, type Reading, readTumors, type TumorNephrometry } from "./nephrometry.ts";
export { type Anterior, anterior } from "./renal/anterior.ts";
export { type Exophytic, exophytic } from "./renal/exophytic.ts";
export { type Location, location } from "./renal/location.ts";
export { type Nearness, nearness } from "./renal/nearness.ts";
export type { Complexity, Points } from "./renal/points.ts";
export { type Radius, radius } from "./renal/radius.ts";
export { type RenalResult, renal, renalOf } from "./renal/renal.ts";
export { defaultRules, published, type Rules, refined } from "./rules.ts";
export { type NephrometryJson, nephrometrySchema } from "./schema.ts";
export { cIndex } from "./scores/cIndex.ts";
export { contactArea } from "./scores/contactArea.ts";
export { type PaduaResult, padua } from "./scores/padua.ts";
export { type Interval, type Uncertainty, uncertainty } from "./uncertainty.ts";
