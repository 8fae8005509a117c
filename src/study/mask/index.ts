export type { PatientBox } from "./boxSearch.ts";
export { growFromBox, growFromPoint } from "./grow.ts";
export { type LabelTable, labelOf, type MaskLabel, readLabelTable } from "./labelTable.ts";
export { type MaskOptions, type MasksAmongOptions, masksAmong } from "./masksAmong.ts";
export { type MergedLabels, mergeLabels } from "./mergeLabels.ts";
export { readMask } from "./readMask.ts";
export type { Region } from "./region.ts";
