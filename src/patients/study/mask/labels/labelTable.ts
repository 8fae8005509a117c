import type { CodedConcept } from "../../../../imaging/formats/dicom/read.ts";
import { labelOfCode } from "./labelCodes.ts";
import { labelOfName } from "./labelNames.ts";
import type { MaskLabel } from "./maskLabel.ts";

/** What a file says of a region. */
export interface RegionName {
  readonly name: string;
  /** Segmented Property Type or RT ROI Identification Code. */
  readonly code?: CodedConcept | undefined;
  /** Anatomic Region: where a tumour or cyst lies. */
  readonly region?: CodedConcept | undefined;
}

/** A user's names, lower case and trimmed. */
export type LabelTable = ReadonlyMap<string, MaskLabel | "other">;

/**
 * What a region is: by the user's table; else by its name, in which people are more exact than in codes; else by its
 * code. A tumour or cyst whose anatomic region is another organ is other. Undefined where nothing is understood.
 */
export function labelOf(
  { name, code, region }: RegionName,
  table?: LabelTable,
): MaskLabel | "other" | undefined {
  const own = table?.get(key(name));
  if (own !== undefined) return own;
  if (region && elsewhere(region)) return "other";
  return labelOfName(name) ?? (code && (labelOfCode(code) ?? labelOfName(code.meaning)));
}

/** `Abdomen` and the like say nothing; another organ does. */
const elsewhere = (region: CodedConcept): boolean =>
  (labelOfCode(region) ?? labelOfName(region.meaning)) === "other";

/** A name as a table has it. */
export const key = (name: string): string => name.trim().toLowerCase();
