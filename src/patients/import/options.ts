import type { Work } from "../../base/work.ts";
import type { assembleStudy } from "../study/assemble.ts";
import type { Outline } from "../study/assembled.ts";
import type { ClinicalRow } from "./clinical/clinical.ts";
import type { PhaseOverrides } from "./clinical/overrides.ts";
import type { Pseudonyms } from "./privacy/pseudonyms.ts";

/** What is taken of a hospital's studies, and how. */
export interface ImportChoices extends Work {
  /** Of rows that do not name a centre. */
  readonly center?: string | undefined;
  /** Path of a table of label names. */
  readonly labels?: string | undefined;
  /** False leaves phases where they were scanned. Default true. */
  readonly align?: boolean | undefined;
  /** True imports studies without a mask too. */
  readonly withoutMask?: boolean | undefined;
  /** Outlines studies without a mask; `by` tells programs apart: what another one outlined is read again. */
  readonly outline?: { readonly by: string; readonly outline: Outline } | undefined;
  /** True copies the DICOM files used, de-identified. */
  readonly copyDicom?: boolean | undefined;
}

export interface ImportDicomOptions extends ImportChoices {
  /** Folder of the cohort. */
  readonly out: string;
  readonly pseudonyms: Pseudonyms;
  /** Rows of the clinical table, and its path, to which paths of masks are relative; without it a row a patient. */
  readonly table?: { readonly path: string; readonly rows: readonly ClinicalRow[] } | undefined;
  readonly phases?: PhaseOverrides | undefined;
  /** Default `assembleStudy`. */
  readonly assemble?: typeof assembleStudy | undefined;
}

/** A row or a study that became no case. */
export interface NotImported {
  /** Of the clinical table. */
  readonly line?: number | undefined;
  /** Pseudonym of the patient, where one is known. */
  readonly patient?: string | undefined;
  readonly reason: string;
  readonly detail: string;
}
