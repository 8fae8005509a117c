import { isDay } from "../../../imaging/formats/dicom/values/dateTime.ts";

/** Order of day and month where slashes leave it open. */
export type DateOrder = "day first" | "month first";

/**
 * A calendar date as `YYYYMMDD`, as DICOM writes it: from `2021-04-03`, `20210403`, `3.4.2021`, and `03/04/2021` where
 * the order is known or one number exceeds 12. A time behind it is passed over. Undefined for anything else.
 */
export function readDate(text: string, order?: DateOrder): string | undefined {
  const [day] = text.trim().split(/[T ]/);
  const iso = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(day) ?? /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(day);
  if (iso) return valid(iso[1], iso[2], iso[3]);
  const points = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(day);
  if (points) return valid(points[3], points[2], points[1]);
  const [, first, second, year] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(day) ?? [];
  if (year === undefined) return undefined;
  const dayFirst = Number(first) > 12 || order === "day first" || first === second;
  const monthFirst = Number(second) > 12 || order === "month first";
  if (dayFirst === monthFirst) return undefined;
  return dayFirst ? valid(year, second, first) : valid(year, first, second);
}

/** No patient was born before: such a year is a slip of who typed it. */
const firstYear = 1800;

const valid = (year: string, month: string, day: string): string | undefined =>
  Number(year) >= firstYear && isDay(Number(year), Number(month), Number(day))
    ? `${year}${month.padStart(2, "0")}${day.padStart(2, "0")}`
    : undefined;

/** Whole years from one date to another, both `YYYYMMDD`. */
export const yearsBetween = (birth: string, then: string): number =>
  Number(then.slice(0, 4)) - Number(birth.slice(0, 4)) - (then.slice(4) < birth.slice(4) ? 1 : 0);

/** Years of a DICOM age string, `061Y`; months and weeks round down. */
export function yearsOfAge(age: string | undefined): number | undefined {
  const [, n, unit] = /^(\d{3})([YMWD])$/.exec(age ?? "") ?? [];
  if (n === undefined) return undefined;
  return Math.floor(Number(n) / { Y: 1, M: 12, W: 52, D: 365 }[unit as "Y" | "M" | "W" | "D"]);
}
