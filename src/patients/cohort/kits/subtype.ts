import type { Histology } from "../case.ts";

/** What a KiTS23 `tumor_histologic_subtype` means to a study of solid malignant renal tumours. */
interface Subtype {
  readonly histology: Histology;
  /** Not a renal cell carcinoma, though malignant: left out by `only: "rcc"`. */
  readonly notRcc?: true;
}

/**
 * Of a malignant case. Every name that KiTS23 gives and that is not here counts as `other`.
 *
 * - `clear_cell_papillary` is an entity of its own, not a clear cell carcinoma (WHO 2016 and 2022): `other`.
 * - `transitional_cell_carcinoma` (urothelial) is a solid malignant tumour of the kidney, so it stays as `other`;
 *   it is no renal cell carcinoma, and its T category is that of the table, taken as given.
 * - `other` is a malignant tumour without a name in the table.
 */
const subtypes: Readonly<Record<string, Subtype>> = {
  clear_cell_rcc: { histology: "clear_cell" },
  papillary_rcc: { histology: "papillary" },
  chromophobe_rcc: { histology: "chromophobe" },
  clear_cell_papillary: { histology: "other" },
  rcc_unclassified: { histology: "other" },
  transitional_cell_carcinoma: { histology: "other", notRcc: true },
  wilms_tumor: { histology: "other", notRcc: true },
  other: { histology: "other", notRcc: true },
};

/** Tumours that are cystic by definition (WHO: fluid with no expansive solid part). */
const cystic = ["multilocular_cystic_rcc"];

export const subtypeOf = (name: string): Subtype => subtypes[name] ?? { histology: "other" };

export const isCystic = (name: string): boolean => cystic.includes(name);
