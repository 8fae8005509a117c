export {
  type AffectedKidney,
  affectedKidney,
  affectedKidneys,
  type Given,
  type Side,
} from "./affectedKidney.ts";
export { type Anterior, anterior } from "./anterior.ts";
export { cIndex } from "./cIndex.ts";
export { contactArea } from "./contactArea.ts";
export { borderline, describe } from "./describe.ts";
export { type Exophytic, exophytic } from "./exophytic.ts";
export * from "./figure/index.ts";
export { tumorJson } from "./json.ts";
export { type Location, location } from "./location.ts";
export { type Margin, type Margins, margins } from "./margin.ts";
export { type Nearness, nearness } from "./nearness.ts";
export { nephrometry, type Reading, readTumors, type TumorNephrometry } from "./nephrometry.ts";
export { type PaduaResult, padua } from "./padua.ts";
export type { Complexity, Points } from "./points.ts";
export type { Lines } from "./polarLines.ts";
export { type Radius, radius } from "./radius.ts";
export { type RenalResult, renal, renalOf } from "./renal.ts";
export { defaultRules, published, type Rules, refined } from "./rules.ts";
export { type NephrometryJson, nephrometryJsonSchema, nephrometrySchema } from "./schema.ts";
export { renalSinus, type Sinus, type SinusSource } from "./sinus.ts";
export { type Interval, type Uncertainty, uncertainty } from "./uncertainty.ts";
