/**
 * A calendar date as `YYYYMMDD` (DA, PS3.5 § 6.2): from that, or with points as before DICOM 3.0, or with hyphens.
 * Undefined for what is no day, as `00000000` or `20210231`.
 */
export function calendarDate(written: string): string | undefined {
  const [, year, , month, day] = /^(\d{4})([.-]?)(\d{2})\2(\d{2})$/.exec(written.trim()) ?? [];
  return year !== undefined && isDay(Number(year), Number(month), Number(day))
    ? `${year}${month}${day}`
    : undefined;
}

/** Whether there is such a day in the Gregorian calendar; the year from 1. */
export function isDay(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= days;
}

/**
 * A time of day as `HHMMSS.FFFFFF`, of which the end may be missing (TM): from that, or with colons as before DICOM 3.0.
 * A fraction of more than six digits is cut. Undefined for what is no time, as `256199` or `24:00:00`.
 */
export function timeOfDay(written: string): string | undefined {
  const match = /^(\d{2})(?:(:?)(\d{2})(?:\2(\d{2})(?:\.(\d+))?)?)?$/.exec(written.trim());
  if (!match) return undefined;
  const [, hour, , minute = "", second = "", fraction = ""] = match;
  // 60 is a leap second.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  return `${hour}${minute}${second}${fraction && `.${fraction.slice(0, 6)}`}`;
}

/** Seconds after midnight. @param time as `timeOfDay` returns it */
export function secondsOf(time: string): number {
  const part = (from: number, to?: number) => Number(time.slice(from, to) || 0);
  return 3600 * part(0, 2) + 60 * part(2, 4) + part(4);
}

/** The time of day of a date with time (DT), whose end may be missing, without its offset from UTC. */
export function timeOfDateTime(written: string): string | undefined {
  const [, date, time] = /^(\d{8})([\d.]*)(?:[+-]\d{4})?$/.exec(written.trim()) ?? [];
  return date !== undefined && time && calendarDate(date) ? timeOfDay(time) : undefined;
}
