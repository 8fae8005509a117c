import type { Grid } from "./grids.ts";
import { byInstance, byNumber, type Mark, marks, numberOf, type Part, timeOf } from "./marks.ts";
import { extent, longestPause, overlap, pauseBetween, shared, someOverlap, within } from "./partsCompared.ts";
import type { Places } from "./places.ts";
import type { Slice, SlicesAside } from "./slice.ts";
import { widestGap } from "./stackGeometry.ts";

/** Slices of one pass over the patient, and those of the grid that are of none. */
export interface Passes {
  readonly passes: readonly (readonly Slice[])[];
  readonly aside: readonly SlicesAside[];
}

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

/** Median distance between places; undefined for one. */
function stepOf(slices: readonly Slice[], places: Places): number | undefined {
  const depths = places.groups(slices).map(([first]) => places.depth(first));
  const steps = depths.slice(1).map((depth, n) => depth - depths[n]);
  return steps.sort((a, b) => a - b)[(steps.length - 1) >> 1];
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
