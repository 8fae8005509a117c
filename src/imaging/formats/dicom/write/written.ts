/** One DICOM file, ready to be stored. */
export interface WrittenObject {
  readonly sopClass: string;
  readonly sopInstance: string;
  /** The whole file. */
  readonly bytes: Uint8Array;
}

/** The SOP classes written here (PS3.6 Annex A). */
export const sopClass = {
  ctImage: "1.2.840.10008.5.1.4.1.1.2",
  secondaryCapture: "1.2.840.10008.5.1.4.1.1.7",
  segmentation: "1.2.840.10008.5.1.4.1.1.66.4",
  comprehensiveSr: "1.2.840.10008.5.1.4.1.1.88.33",
} as const;
