import type { CodedConcept } from "../../../../imaging/formats/dicom/read.ts";
import type { MaskLabel } from "./maskLabel.ts";

/** SNOMED CT concepts, and the older SNOMED RT codes (PS3.16 annex L; pydicom's `_snomed_dict`) that DICOM retired. */
const concepts: readonly (readonly [MaskLabel | "other", sct: string, srt: string, meaning: string])[] = [
  [1, "64033007", "T-71000", "Kidney"],
  [1, "9846003", "T-71010", "Right kidney"],
  [1, "18639004", "T-71020", "Left kidney"],
  [2, "108369006", "M-8FFFF", "Neoplasm"],
  [2, "86049000", "M-80003", "Neoplasm, primary"],
  [2, "4147007", "M-03000", "Mass"],
  [2, "52988006", "M-01100", "Lesion"],
  [2, "68453008", "M-80103", "Carcinoma"],
  [2, "35917007", "M-81403", "Adenocarcinoma"],
  [2, "702391001", "R-FB83F", "Renal cell carcinoma"],
  [3, "367643001", "M-3340A", "Cyst"],
  ["other", "14799000", "M-80006", "Neoplasm, secondary"],
  ["other", "25990002", "T-72000", "Renal pelvis"],
  ["other", "2841007", "T-46600", "Renal artery"],
  ["other", "56400007", "T-48740", "Renal vein"],
  ["other", "23451007", "T-B3000", "Adrenal gland"],
];

const byCode = new Map<string, MaskLabel | "other">(
  concepts.flatMap(([label, sct, srt]): [string, MaskLabel | "other"][] => [
    [`SCT ${sct}`, label],
    [`SRT ${srt}`, label],
  ]),
);

/** What a code says a region is; undefined where it is not among those known. */
export const labelOfCode = ({ value, scheme }: CodedConcept): MaskLabel | "other" | undefined =>
  // SNOMED RT has had three designators.
  byCode.get(`${/^(SNM3|99SDM)$/.test(scheme) ? "SRT" : scheme} ${value}`);
