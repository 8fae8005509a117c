import { type Part, timeOf } from "./marks.ts";
import type { Places } from "./places.ts";
import type { Slice } from "./slice.ts";

/** Parts of a scan that lie further apart in time, s, are not steps of one pass. */
export const longestPause = 20;

/** Between the end of one and the beginning of the other, s; undefined where either has no time. */
export function pauseBetween(before: readonly Slice[], after: readonly Slice[]): number | undefined {
  const times = (slices: readonly Slice[]) => slices.flatMap((slice) => timeOf(slice) ?? []);
  const [a, b] = [times(before), times(after)];
  if (a.length === 0 || b.length === 0) return undefined;
  const [firstA, lastA, firstB, lastB] = [least(a), greatest(a), least(b), greatest(b)];
  return Math.max(0, firstB - lastA, firstA - lastB);
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
const greatest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));

export function extent(slices: readonly Slice[], { depth }: Places): { low: number; high: number } {
  const depths = slices.map(depth);
  return { low: least(depths), high: greatest(depths) };
}

/**
 * Whether two volumes cover the same stretch: by more than a quarter of the shorter. Parts of one volume lie one after
 * the other, as in a scan step by step, which may number or time each step.
 */
export function overlap(a: readonly Slice[], b: readonly Slice[], places: Places): boolean {
  if (places.count(a) < 3 || places.count(b) < 3) return false;
  const [one, other] = [extent(a, places), extent(b, places)];
  const common = Math.min(one.high, other.high) - Math.max(one.low, other.low);
  return common > 0.25 * Math.min(one.high - one.low, other.high - other.low);
}

/** Whether two of the volumes overlap and fulfil the condition: only those that could are looked at. */
export function someOverlap(
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
export function within(part: readonly Slice[], volume: readonly Slice[], places: Places): number {
  const { low, high } = extent(volume, places);
  const own = places.groups(part);
  const inside = own.filter(([first]) => {
    const depth = places.depth(first);
    return depth >= low - places.tolerance && depth <= high + places.tolerance;
  });
  return inside.length / own.length;
}

/** The share of the places of the smaller that the other takes too. */
export function shared(a: readonly Slice[], b: readonly Slice[], places: Places): number {
  const [one, other] = [places.count(a), places.count(b)];
  return (one + other - places.count([...a, ...b])) / Math.min(one, other);
}
