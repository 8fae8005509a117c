import type { ErrorCode } from "../../base/errors.ts";
import { type Case, complexities, histologies, maskOrigins, parts, phases, sources, stages } from "./case.ts";

/** What is wrong with a cell. */
interface Fault {
  readonly code: ErrorCode;
  /** Goes on after `cohort.csv, line 3, column age: "abc"`. */
  readonly what: string;
}

export interface Column {
  readonly name: string;
  /** Of a case; undefined for an image. */
  readonly key?: Exclude<keyof Case, "images" | "cells">;
  /** A table without it is refused: what is not there would silently count as unknown. */
  readonly required: boolean;
  /** Written only where some case has a value. */
  readonly rare?: boolean;
  /** A cell's value; never given an empty cell. */
  readonly read: (text: string, decimalComma: boolean) => { readonly value: unknown } | Fault;
  readonly write: (c: Case) => string;
}

export const sexes = ["female", "male"] as const;

const text =
  () =>
  (value: string): { value: string } => ({ value });

const word =
  (words: readonly string[]): Column["read"] =>
  (value) =>
    words.includes(value)
      ? { value }
      : { code: "E_LABEL", what: `is none of ${words.join(", ")}; leave it empty where unknown` };

const number =
  (low: number, high: number, whole: boolean): Column["read"] =>
  (written, decimalComma) => {
    const value = Number(decimalComma ? written.replace(",", ".") : written);
    const fits = value >= low && value <= high && (!whole || Number.isInteger(value));
    return fits
      ? { value }
      : { code: "E_VALUE", what: `is not a ${whole ? "whole " : ""}number from ${low} to ${high}` };
  };

// TRUE and FALSE are translated by spreadsheets (WAHR, VRAI), so they are read but never written.
const yesNo: Column["read"] = (written) => {
  if (/^(yes|true|1)$/i.test(written)) return { value: true };
  if (/^(no|false|0)$/i.test(written)) return { value: false };
  return { code: "E_LABEL", what: "is neither yes nor no; leave it empty where unknown" };
};

const field = (
  name: string,
  key: NonNullable<Column["key"]>,
  required: boolean,
  read: Column["read"],
): Column => ({
  name,
  key,
  required,
  read,
  write: (c) => {
    const value = c[key];
    return value === undefined ? "" : typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
  },
});

/** The columns of `cohort.csv`, in order; see docs/cohort.md. Images and labels are read by these names only. */
export const columns: readonly Column[] = [
  field("case", "case", true, text()),
  field("patient", "patient", false, text()),
  field("center", "center", true, text()),
  field("age", "age", false, number(0, 120, false)),
  field("sex", "sex", false, word(sexes)),
  ...phases.map(
    (phase): Column => ({ name: phase, required: false, read: text(), write: (c) => c.images[phase] ?? "" }),
  ),
  field("mask", "mask", true, text()),
  field("histology", "histology", true, word(histologies)),
  field("stage", "stage", true, word(stages)),
  field("complexity", "complexity", true, word(complexities)),
  field("renal", "renal", false, number(4, 12, true)),
  field("size_mm", "sizeMm", false, number(0.1, 500, false)),
  field("necrosis", "necrosis", false, yesNo),
  field("source", "source", true, word(sources)),
  { ...field("mask_origin", "maskOrigin", false, word(maskOrigins)), rare: true },
  { ...field("part", "part", false, word(parts)), rare: true },
];

/** Columns that no row may leave empty. */
export const neverEmpty: readonly string[] = ["case", "center", "source"];
