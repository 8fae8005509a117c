export { type CenterRule, kitsWaves, parseCenterRules } from "./centers.ts";
export { type Inclusion, reasonAgainst } from "./eligibility.ts";
export { type ImportedCohort, type ImportKitsOptions, importKits } from "./kits.ts";
export { type MaskMeasures, measureMask } from "./measureMask.ts";
export { type KitsRecord, readKitsRecords } from "./record.ts";
export { isCystic, subtypeOf } from "./subtype.ts";
