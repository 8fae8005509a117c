import { type Code, sct } from "./code.ts";

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

export const kidneyCode = sct("64033007", "Kidney");
const anatomy = sct("123037004", "Anatomical Structure");
const abnormal = sct("49755003", "Morphologically Abnormal Structure");

/** Kidney, tumour and cyst in SNOMED CT, as PS3.16 lists them in CID 7150, 7154 and 7159. */
export const segmentCodes: readonly SegmentCode[] = [
  { label: 1, name: "Kidney", category: anatomy, type: kidneyCode, color: [34588, 41299, 39619] },
  {
    label: 2,
    name: "Tumor",
    category: abnormal,
    type: sct("108369006", "Neoplasm"),
    region: kidneyCode,
    color: [56752, 21841, 42249],
  },
  {
    label: 3,
    name: "Cyst",
    category: abnormal,
    type: sct("367643001", "Cyst"),
    region: kidneyCode,
    color: [52956, 30223, 46117],
  },
];
