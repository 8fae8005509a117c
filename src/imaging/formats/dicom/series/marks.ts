import { clusters } from "./clusters.ts";
import type { Places } from "./places.ts";
import type { Slice } from "./slice.ts";

/** Something written in files that may tell the passes of a series apart. */
export interface Mark {
  readonly name: string;
  /** Parts in their order. */
  parts(slices: readonly Slice[], places: Places): Part[];
  /** Tells scans apart by itself: a few slices of another value among a volume's are none of it. */
  readonly telling?: true;
  /** Consecutive parts may be steps of one pass. */
  readonly steps?: true;
  /** Believed only where places are taken more than once. */
  readonly whereDoubled?: true;
  /** Believed where parts lie far apart in time, too. */
  readonly wherePaused?: true;
}

/** Slices that a mark puts together. */
export interface Part {
  readonly label: string;
  readonly slices: readonly Slice[];
}

/** In the file and among the files: 0 without an instance number. */
export const numberOf = ({ file, frame }: Slice): number => (file.header.instanceNumber ?? 0) * 1e6 + frame;

export const timeOf = ({ file: { header } }: Slice): number | undefined =>
  header.acquisitionTime ?? header.contentTime;

/** What tells the passes of a series apart, most telling first. */
export const marks: readonly Mark[] = [
  { name: "stack", telling: true, parts: byText("stack", ({ plane }) => plane.stack) },
  {
    name: "temporal position",
    telling: true,
    parts: byNumber("temporal position", ({ plane }) => plane.temporalPosition),
  },
  {
    name: "acquisition",
    telling: true,
    steps: true,
    parts: byNumber("acquisition", ({ plane }) => plane.acquisition),
  },
  { name: "kV", parts: byNumber("tube voltage", ({ file }) => file.header.kvp, 0.5) },
  { name: "kernel", parts: byText("kernel", ({ file }) => file.header.kernel) },
  {
    name: "time",
    steps: true,
    parts: byNumber("acquisition time", ({ file }) => file.header.acquisitionTime),
  },
  {
    name: "thickness",
    whereDoubled: true,
    parts: byNumber("slice thickness", ({ plane }) => plane.thickness, 0.01),
  },
  {
    name: "image type",
    whereDoubled: true,
    parts: byText("image type", ({ file }) => file.header.imageType.join("\\")),
  },
  {
    name: "content time",
    steps: true,
    whereDoubled: true,
    parts: byNumber("content time", ({ file }) => file.header.contentTime),
  },
  {
    name: "order in acquisition time",
    steps: true,
    wherePaused: true,
    parts: sweeps((slice) => [slice.file.header.acquisitionTime, numberOf(slice)]),
  },
  {
    name: "order in time",
    steps: true,
    whereDoubled: true,
    parts: sweeps((slice) => [timeOf(slice), numberOf(slice)]),
  },
];

/** By instance number, which tells scans apart where nothing else does and all of them are whole. */
export const byInstance: Mark = {
  name: "order of instances",
  whereDoubled: true,
  parts: sweeps(({ file, frame }) => [file.header.instanceNumber, frame]),
};

function byText(name: string, value: (slice: Slice) => string | undefined): Mark["parts"] {
  return (slices) =>
    [...Map.groupBy(slices, (slice) => value(slice) ?? "")]
      .sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1))
      .map(([text, members]) => ({ label: text === "" ? "" : `${name} ${text}`, slices: members }));
}

/** @param tolerance numbers that differ by no more are the same */
export function byNumber(
  name: string,
  value: (slice: Slice) => number | undefined,
  tolerance = 0,
): Mark["parts"] {
  return (slices) => {
    const known = slices.filter((slice) => value(slice) !== undefined);
    const unknown = slices.filter((slice) => value(slice) === undefined);
    const parts = clusters(known, (slice) => [value(slice)!], [tolerance])
      .sort((a, b) => value(a[0])! - value(b[0])!)
      .map((members) => ({
        label: `${name} ${members.map((slice) => value(slice)!).reduce((a, b) => Math.min(a, b))}`,
        slices: members,
      }));
    return unknown.length > 0 ? [...parts, { label: "", slices: unknown }] : parts;
  };
}

/**
 * Stretches of slices taken one after the other in one direction, and those without the numbers that order them.
 * Nothing where two slices have the same numbers, or places come in no order.
 * @param order first by the first number
 */
function sweeps(order: (slice: Slice) => readonly (number | undefined)[]): Mark["parts"] {
  return (slices, { depth, tolerance, named }) => {
    const all = slices.map((slice) => ({ slice, key: order(slice) }));
    const keyed = all.filter(({ key }) => !key.includes(undefined));
    const without = all.filter(({ key }) => key.includes(undefined)).map(({ slice }) => slice);
    const distinct = new Set(keyed.map(({ key }) => key.join())).size;
    if (keyed.length < 3 || distinct < keyed.length) return [];
    const sorted = keyed
      .sort((a, b) => compared(a.key as number[], b.key as number[]))
      .map(({ slice }) => slice);
    const steps = sorted.slice(1).map((slice, n) => depth(slice) - depth(sorted[n]));
    const sizes = steps.map(Math.abs).sort((a, b) => a - b);
    const usual = sizes[(sizes.length - 1) >> 1];
    const mostly = Math.sign(steps.reduce((sum, step) => sum + Math.sign(step), 0));
    const parts: Slice[][] = [[sorted[0]]];
    let way = 0;
    for (const [n, step] of steps.entries()) {
      const turns = way !== 0 && Math.sign(step) !== way;
      const jumps = Math.abs(step) > 2.5 * usual && Math.sign(step) !== mostly;
      const ends = Math.abs(step) <= tolerance || turns || jumps;
      if (ends) parts.push([]);
      way = ends ? 0 : Math.sign(step);
      parts[parts.length - 1].push(sorted[n + 1]);
    }
    // Slices taken in no order of their places tell nothing.
    if (parts.length * 3 > keyed.length) return [];
    const found = parts.map((members) => ({ label: `slices from ${named(members[0])} on`, slices: members }));
    return without.length > 0 ? [...found, { label: "", slices: without }] : found;
  };
}

/** In order of the first of two lists' numbers that differ. */
export function compared(a: readonly number[], b: readonly number[]): number {
  const n = a.findIndex((value, i) => value !== b[i]);
  // Both may be infinite.
  return n < 0 ? 0 : a[n] < b[n] ? -1 : 1;
}
