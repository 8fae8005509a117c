/**
 * NIfTI-1 and NIfTI-2 read, NIfTI-1 written; geometry in LPS mm, as DICOM has it.
 */

export { type NiftiHeader, parseNiftiHeader } from "./header.ts";
export type { ParseOptions, ReadOptions } from "./parse.ts";
export { parseNifti, readNifti, readNiftiHeader } from "./read.ts";
export { type EncodeOptions, encodeNifti, type WriteOptions, writeNifti } from "./write.ts";
