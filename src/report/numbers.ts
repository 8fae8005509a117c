/** Numbers as a radiology journal prints them. A true minus sign; en dashes in ranges of numbers that cannot be negative. */

const minus = (text: string): string => text.replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");

/** `0.856` → `0.856`, `-0.02` → `−0.02`, `-0.001` → `0.00` */
export const fixed = (value: number, digits: number): string => minus(value.toFixed(digits));

/** Two decimals: the precision that a few hundred cases allow. */
export const area = (value: number): string => fixed(value, 2);

export const areaInterval = ([low, high]: readonly [number, number]): string => `${area(low)}–${area(high)}`;

/** `0.86 (0.79–0.92)` */
export const areaWithInterval = (value: number, ci: readonly [number, number]): string =>
  `${area(value)} (${areaInterval(ci)})`;

/** A difference carries its sign and three decimals: `+0.027`. */
export const difference = (value: number): string =>
  /[1-9]/.test(value.toFixed(3)) ? `${value > 0 ? "+" : ""}${fixed(value, 3)}` : "0.000";

export const differenceInterval = ([low, high]: readonly [number, number]): string =>
  `${difference(low)} to ${difference(high)}`;

/** `0.022`, or `< 0.001` */
export const pValue = (p: number): string => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** `p = 0.022`, `p < 0.001` */
export const pEquals = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`);

/** A share as a whole percentage: `0.836` → `84 %`. */
export const percent = (share: number): string => `${fixed(100 * share, 0)} %`;

export const percentInterval = ([low, high]: readonly [number, number]): string =>
  `${fixed(100 * low, 0)}–${fixed(100 * high, 0)} %`;

/** In the unit in which three digits suffice: what would round to a thousand goes on to the next. */
function inUnits(value: number, units: readonly string[]): string {
  let scaled = value;
  let power = 0;
  while (Math.abs(scaled) >= 999.5 && power < units.length - 1) {
    scaled /= 1000;
    power++;
  }
  return `${fixed(scaled, power === 0 || Math.abs(scaled) >= 99.95 ? 0 : 1)} ${units[power]}`.trimEnd();
}

/** `2310455` → `2.3 million` */
export const count = (value: number): string => inUnits(value, ["", "thousand", "million", "billion"]);

/** Decimal units, as on a disk's label: `9.4 MB`. */
export const bytes = (value: number): string => inUnits(value, ["B", "kB", "MB", "GB", "TB"]);

export const milliseconds = (value: number): string =>
  value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;

export const duration = (seconds: number): string =>
  seconds >= 5400
    ? `${(seconds / 3600).toFixed(1)} h`
    : seconds >= 90
      ? `${(seconds / 60).toFixed(0)} min`
      : `${seconds.toFixed(0)} s`;

/** `2026-01-01T…` → `1 January 2026`; as given where it is no date. */
export function day(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}

/** `["a", "b", "c"]` → `a, b and c` */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
