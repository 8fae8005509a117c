export { type AssembleOptions, assembleStudy } from "./assemble.ts";
export type { AlignedPhase, Alignment, AssembledStudy, MaskSource, StudyMask } from "./assembled.ts";
export { assembleNifti } from "./assembleNifti.ts";
export { type CtCandidate, candidatesOf } from "./candidates.ts";
