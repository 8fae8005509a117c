import { day } from "../numbers.ts";

/** A DICOM person name: `Müller^Jörg^^Dr.` → `Dr. Jörg Müller`. */
export function personName(name: string): string {
  const [family, given, middle, prefix, suffix] = name.split("=")[0].split("^");
  return [prefix, given, middle, family, suffix].filter(Boolean).join(" ") || name;
}

/** A DICOM date: `20261004` → `4 October 2026`. */
export const dicomDay = (date: string): string => day(date.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"));

/** A DICOM age: `064Y` → `64 years`. */
export function dicomAge(age: string): string {
  const [, n, unit] = /^(\d{3})([YMWD])$/.exec(age) ?? [];
  if (n === undefined) return age;
  const word = { Y: "year", M: "month", W: "week", D: "day" }[unit as "Y" | "M" | "W" | "D"];
  return `${Number(n)} ${word}${Number(n) === 1 ? "" : "s"}`;
}

/** A DICOM sex: `F` → `female`. */
export const dicomSex = (sex: string): string => ({ F: "female", M: "male", O: "other" })[sex] ?? sex;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** With no line break between a number and its unit. */
export const unbroken = (text: string): string =>
  text.replace(/(\d) (%|HU|mm|mL|cm|s|min)(?![\p{L}\d])/gu, "$1\u00a0$2");
