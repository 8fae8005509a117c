import { clusters } from "./clusters.ts";
import type { Grid } from "./grids.ts";
import type { Places } from "./places.ts";
import type { Slice, SlicesAside } from "./slice.ts";
import { widestGap } from "./stackGeometry.ts";

/** Slices of one pass over the patient, and those of the grid that are of none. */
export interface Passes {
  readonly passes: readonly (readonly Slice[])[];
  readonly aside: readonly SlicesAside[];
}

/** Parts of a scan that lie further apart in time, s, are not steps of one pass. */
const longestPause = 20;

interface Mark {
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

interface Part {
  readonly label: string;
  readonly slices: readonly Slice[];
}

const timeOf = ({ file: { header } }: Slice): number | undefined =>
  header.acquisitionTime ?? header.contentTime;

/** In the file and among the files: 0 without an instance number. */
const numberOf = ({ file, frame }: Slice): number => (file.header.instanceNumber ?? 0) * 1e6 + frame;

/** What tells the passes of a series apart, most telling first. */
const marks: readonly Mark[] = [
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
const byInstance: Mark = {
  name: "order of instances",
  whereDoubled: true,
  parts: sweeps(({ file, frame }) => [file.header.instanceNumber, frame]),
};

/** The passes of one grid's slices; copies of an instance are left to others. */
export function passesOf({ slices, places }: Grid): Passes {
  const { passes, aside } = divided(slices, marks, places);
  const numbered = passes.map((pass) => byNumbers(pass, places));
  return {
    passes: numbered.flatMap((each) => each.passes),
    aside: [...aside, ...numbered.flatMap((each) => each.aside)],
  };
}

function divided(slices: readonly Slice[], [mark, ...others]: readonly Mark[], places: Places): Passes {
  if (!mark) return { passes: [slices], aside: [] };
  const doubled = places.count(slices) < slices.length;
  const parts = mark.whereDoubled && !doubled ? [] : mark.parts(slices, places);
  if (parts.length < 2) return divided(slices, others, places);
  const { groups, aside } = separated(parts, mark, places);
  const inner = groups.map((group) => divided(group, others, places));
  return {
    passes: inner.flatMap(({ passes }) => passes),
    aside: [...aside, ...inner.flatMap((each) => each.aside)],
  };
}

/** Parts that are passes of their own; all in one where they lie one after the other; what fits into none. */
function separated(
  parts: readonly Part[],
  mark: Mark,
  places: Places,
): { groups: Slice[][]; aside: SlicesAside[] } {
  const large = parts.filter((part) => places.count(part.slices) >= 3);
  const small = parts.filter((part) => !large.includes(part));
  const apart = someOverlap(
    large,
    places,
    (a, b) =>
      // A few slices whose mark need not be a scan's do not make two volumes of one.
      (small.length === 0 && !mark.whereDoubled && !mark.wherePaused) ||
      mark.telling === true ||
      shared(a.slices, b.slices, places) >= 0.25 ||
      (mark.wherePaused === true && (pauseBetween(a.slices, b.slices) ?? 0) > longestPause),
  );
  if (!apart) {
    const odd = small.filter((part) => large.some((volume) => strays(part, volume, mark, places)));
    const kept = parts.filter((part) => !odd.includes(part));
    return {
      groups: [kept.flatMap((part) => part.slices)],
      aside: odd.map((part) => tooFew(part, large, places)),
    };
  }
  const groups = mark.steps ? runs(parts, places) : parts;
  const volumes = groups.filter((part) => places.count(part.slices) >= 3);
  return {
    groups: volumes.map((part) => [...part.slices]),
    aside: groups.filter((part) => !volumes.includes(part)).map((part) => tooFew(part, volumes, places)),
  };
}

/** Consecutive parts that lie beside each other and follow in time: the steps of one pass. */
function runs(parts: readonly Part[], places: Places): Part[] {
  const found: Part[] = [];
  for (const part of parts) {
    const run = found.at(-1);
    if (run && follows(run, part, places))
      found[found.length - 1] = {
        label: `${run.label} and ${part.label}`,
        slices: [...run.slices, ...part.slices],
      };
    else found.push(part);
  }
  return found;
}

function follows(run: Part, part: Part, places: Places): boolean {
  if (overlap(run.slices, part.slices, places) || within(part.slices, run.slices, places) > 0.5) return false;
  if (within(run.slices, part.slices, places) > 0.5) return false;
  const [a, b] = [extent(run.slices, places), extent(part.slices, places)];
  const gap = Math.max(a.low, b.low) - Math.min(a.high, b.high);
  const step = Math.max(stepOf(run.slices, places) ?? 0, stepOf(part.slices, places) ?? 0);
  // Steps of one slice each do not tell how far apart they should be.
  if (step > 0 && gap > Math.max(2.5 * step, widestGap)) return false;
  const pause = pauseBetween(run.slices, part.slices);
  return pause === undefined || pause <= longestPause;
}

/** Between the end of one and the beginning of the other, s; undefined where either has no time. */
function pauseBetween(before: readonly Slice[], after: readonly Slice[]): number | undefined {
  const times = (slices: readonly Slice[]) => slices.flatMap((slice) => timeOf(slice) ?? []);
  const [a, b] = [times(before), times(after)];
  if (a.length === 0 || b.length === 0) return undefined;
  const [firstA, lastA, firstB, lastB] = [least(a), greatest(a), least(b), greatest(b)];
  return Math.max(0, firstB - lastA, firstA - lastB);
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
const greatest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));

function extent(slices: readonly Slice[], { depth }: Places): { low: number; high: number } {
  const depths = slices.map(depth);
  return { low: least(depths), high: greatest(depths) };
}

/** Median distance between places; undefined for one. */
function stepOf(slices: readonly Slice[], places: Places): number | undefined {
  const depths = places.groups(slices).map(([first]) => places.depth(first));
  const steps = depths.slice(1).map((depth, n) => depth - depths[n]);
  return steps.sort((a, b) => a - b)[(steps.length - 1) >> 1];
}

/**
 * Whether two volumes cover the same stretch: by more than a quarter of the shorter. Parts of one volume lie one after
 * the other, as in a scan step by step, which may number or time each step.
 */
function overlap(a: readonly Slice[], b: readonly Slice[], places: Places): boolean {
  if (places.count(a) < 3 || places.count(b) < 3) return false;
  const [one, other] = [extent(a, places), extent(b, places)];
  const common = Math.min(one.high, other.high) - Math.max(one.low, other.low);
  return common > 0.25 * Math.min(one.high - one.low, other.high - other.low);
}

/** Whether two of the volumes overlap and fulfil the condition: only those that could are looked at. */
function someOverlap(
  volumes: readonly Part[],
  places: Places,
  fulfil: (a: Part, b: Part) => boolean,
): boolean {
  const sorted = volumes
    .map((part) => ({ part, ...extent(part.slices, places) }))
    .sort((a, b) => a.low - b.low);
  return sorted.some((a, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j].low < a.high; j++) {
      const b = sorted[j].part;
      if (overlap(a.part.slices, b.slices, places) && fulfil(a.part, b)) return true;
    }
    return false;
  });
}

/** The share of a part's places that lie at or between those of a volume; 0 for a volume of one place elsewhere. */
function within(part: readonly Slice[], volume: readonly Slice[], places: Places): number {
  const { low, high } = extent(volume, places);
  const own = places.groups(part);
  const inside = own.filter(([first]) => {
    const depth = places.depth(first);
    return depth >= low - places.tolerance && depth <= high + places.tolerance;
  });
  return inside.length / own.length;
}

/** The share of the places of the smaller that the other takes too. */
function shared(a: readonly Slice[], b: readonly Slice[], places: Places): number {
  const [one, other] = [places.count(a), places.count(b)];
  return (one + other - places.count([...a, ...b])) / Math.min(one, other);
}

/** Whether a few slices stand where a volume has its own, or has room, though their mark is another. */
function strays(part: Part, volume: Part, mark: Mark, places: Places): boolean {
  if (shared(part.slices, volume.slices, places) > 0.5) return true;
  const known = part.label !== "" && volume.label !== "";
  return mark.telling === true && known && within(part.slices, volume.slices, places) > 0.5;
}

function tooFew({ label, slices }: Part, volumes: readonly Part[], places: Places): SlicesAside {
  const where = [...new Set(places.groups(slices).map(([first]) => places.named(first)))];
  const listed =
    where.length > 4 ? `${where.slice(0, 3).join(", ")} and ${where.length - 3} more` : where.join(", ");
  const of = label === "" ? "slices without what tells the others apart" : label;
  const others = volumes.length > 0 && volumes.some((volume) => within(slices, volume.slices, places) > 0);
  return {
    slices,
    reason: `${of}: too few slices for a volume${others ? ", where other scans have theirs" : ""} (${listed})`,
  };
}

function byText(name: string, value: (slice: Slice) => string | undefined): Mark["parts"] {
  return (slices) =>
    [...Map.groupBy(slices, (slice) => value(slice) ?? "")]
      .sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1))
      .map(([text, members]) => ({ label: text === "" ? "" : `${name} ${text}`, slices: members }));
}

/** @param tolerance numbers that differ by no more are the same */
function byNumber(name: string, value: (slice: Slice) => number | undefined, tolerance = 0): Mark["parts"] {
  return (slices) => {
    const known = slices.filter((slice) => value(slice) !== undefined);
    const unknown = slices.filter((slice) => value(slice) === undefined);
    const parts = clusters(known, (slice) => [value(slice)!], [tolerance])
      .sort((a, b) => value(a[0])! - value(b[0])!)
      .map((members) => ({
        label: `${name} ${least(members.map((slice) => value(slice)!))}`,
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

/**
 * By instance number: whole passes one after the other, or the n-th images at all places where each is taken equally
 * often; one pass where neither fits.
 */
function byNumbers(slices: readonly Slice[], places: Places): Passes {
  const whole = { passes: [slices], aside: [] };
  const taken = places.groups(slices);
  if (taken.length === slices.length || taken.length < 3) return whole;
  const { groups, aside } = separated(byInstance.parts(slices, places), byInstance, places);
  if (groups.length > 1) return { passes: groups, aside };
  const times = taken[0].length;
  const number = orderOf(slices);
  if (!number || taken.some((place) => place.length !== times)) return whole;
  const sorted = taken.map((place) => place.toSorted((a, b) => number(a) - number(b)));
  return { passes: Array.from({ length: times }, (_, n) => sorted.map((place) => place[n])), aside: [] };
}

/** Instance numbers where all differ, else times where all do. */
function orderOf(slices: readonly Slice[]): ((slice: Slice) => number) | undefined {
  const numbers = [numberOf, (slice: Slice) => timeOf(slice) ?? 0];
  return numbers.find((number) => new Set(slices.map(number)).size === slices.length);
}

/** Partitions whose parts may share the slice at their border, most telling first. */
const borders: readonly Mark[] = [...marks.filter(({ steps }) => steps), byInstance];

/**
 * What two parts of one pass took twice, each at its end: all but the later slice. Other slices at one place stay, to
 * be refused where they differ.
 */
export function bordersOf(pass: readonly Slice[], places: Places): SlicesAside[] {
  const doubled = places.groups(pass).filter((slices) => slices.length > 1);
  if (doubled.length === 0) return [];
  const partitions = borders.map((mark) => mark.parts(pass, places));
  return doubled.flatMap((slices) => {
    for (const parts of partitions) {
      const own = slices.map((slice) => parts.find((part) => part.slices.includes(slice)));
      const known = own.every((part) => part !== undefined && part.label !== "");
      if (!known || new Set(own).size < slices.length || !meet(own as Part[], places)) continue;
      const last = slices.reduce((a, b) => (isLater(b, a) ? b : a));
      const names = (own as Part[]).map(({ label }) => label).join(" and ");
      return {
        slices: slices.filter((slice) => slice !== last),
        reason: `at the border of ${names} (${places.named(last)}): the later slice is kept`,
      };
    }
    return [];
  });
}

/** Whether parts lie one after the other, none of them among the slices of another. */
const meet = (parts: readonly Part[], places: Places): boolean =>
  parts.every(
    (part) =>
      places.count(part.slices) >= 3 &&
      parts.every((other) => other === part || within(part.slices, other.slices, places) <= 0.25),
  );

/** In time, past midnight too, else by number. */
function isLater(a: Slice, b: Slice): boolean {
  const [ta, tb] = [timeOf(a), timeOf(b)];
  if (ta !== undefined && tb !== undefined && ta !== tb)
    return Math.abs(ta - tb) > 43_200 ? ta < tb : ta > tb;
  const [na, nb] = [a.plane.acquisition, b.plane.acquisition];
  return na !== undefined && nb !== undefined && na !== nb ? na > nb : numberOf(a) > numberOf(b);
}

/** Parts that became one volume though they may be of several scans, for the user. */
export function doubtsOf(pass: readonly Slice[], places: Places): string[] {
  const parts = byNumber("acquisition", ({ plane }) => plane.acquisition)(pass, places);
  const pauses = parts.slice(1).flatMap((part, n) => {
    const pause = pauseBetween(parts[n].slices, part.slices);
    if (pause === undefined || pause <= longestPause || part.label === "") return [];
    return `${parts[n].label} and ${part.label}, ${pause.toFixed(0)} s apart, make one volume: they may be of different phases`;
  });
  const rounds = byInstance.parts(pass, places).filter(({ slices }) => places.count(slices) >= 3);
  return someOverlap(rounds, places, () => true)
    ? [
        ...pauses,
        "slices numbered in several rounds over one stretch make one volume: they may be of different phases",
      ]
    : pauses;
}
