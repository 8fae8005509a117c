import type { NaturalDataset } from "./part10.ts";

/** A coded concept: value, coding scheme, meaning. */
export type Code = readonly [value: string, scheme: string, meaning: string];

/** A code as an item of a code sequence (PS3.3 § 8.8). */
export const codeItem = ([value, scheme, meaning]: Code): NaturalDataset => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

/** One label of a mask as a DICOM segment. */
export interface SegmentCode {
  /** In the mask. */
  readonly label: number;
  readonly name: string;
  /** CID 7150. */
  readonly category: Code;
  /** CID 7151. */
  readonly type: Code;
  /** Where a structure that is not anatomy lies. */
  readonly region?: Code;
  /** CIELab under D50, each 0 … 65535: L 0 … 100, a and b −128 … 127 (PS3.3 C.10.7.1.1). */
  readonly color: readonly [number, number, number];
}

export const kidneyCode: Code = ["64033007", "SCT", "Kidney"];
const anatomy: Code = ["123037004", "SCT", "Anatomical Structure"];
const abnormal: Code = ["49755003", "SCT", "Morphologically Abnormal Structure"];

/** Kidney, tumour and cyst in SNOMED CT, as PS3.16 lists them in CID 7150, 7154 and 7159. */
export const segmentCodes: readonly SegmentCode[] = [
  { label: 1, name: "Kidney", category: anatomy, type: kidneyCode, color: [34588, 41299, 39619] },
  {
    label: 2,
    name: "Tumor",
    category: abnormal,
    type: ["108369006", "SCT", "Neoplasm"],
    region: kidneyCode,
    color: [56752, 21841, 42249],
  },
  {
    label: 3,
    name: "Cyst",
    category: abnormal,
    type: ["367643001", "SCT", "Cyst"],
    region: kidneyCode,
    color: [52956, 30223, 46117],
  },
];
