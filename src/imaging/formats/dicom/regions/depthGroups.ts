/** What lies in one plane. */
interface DepthGroup {
  /** Mean of its members'. */
  readonly depth: number;
  /** Indices of its members. */
  readonly members: readonly number[];
}

/** Planes are no nearer to each other than this, in distances between slices: what is nearer is rounding. */
const widest = 0.25;
/** A plane's members reach no further than this. */
const deepest = 0.35;
/** The least gap between planes is at least this many times the widest within one. */
const jump = 2;
/** Equal but for the rounding of floating point. */
const equal = 1e-6;

/**
 * Depths that belong to one plane, lowest first. Decimal strings of a header are rounded, so that what was drawn in one
 * plane has depths that differ a little: gaps between depths are taken for rounding up to where they jump, if that is
 * within a quarter of the distance between slices.
 *
 * @param distance usual distance between slices, in the unit of the depths
 */
export function depthGroups(depths: readonly number[], distance: number): DepthGroup[] {
  const order = [...depths.keys()].sort((a, b) => depths[a] - depths[b]);
  const gaps = order.slice(1).map((n, at) => depths[n] - depths[order[at]]);
  const sorted = gaps.toSorted((a, b) => a - b);
  const within = sorted.filter(
    (gap, n) =>
      gap > equal * distance && gap <= widest * distance && (sorted[n + 1] ?? Infinity) >= jump * gap,
  );
  for (const limit of [...within.toReversed(), equal * distance]) {
    const groups: number[][] = [];
    for (const [at, n] of order.entries())
      if (at > 0 && gaps[at - 1] <= limit) groups[groups.length - 1].push(n);
      else groups.push([n]);
    const reach = ([first, ...others]: readonly number[]) => depths[others.at(-1) ?? first] - depths[first];
    if (limit <= equal * distance || groups.every((group) => reach(group) <= deepest * distance))
      return groups.map((members) => ({
        depth: members.reduce((sum, n) => sum + depths[n], 0) / members.length,
        members,
      }));
  }
  return [];
}

/**
 * The distance most planes have, gaps between the parts of a structure aside: the lower quartile, evened over all
 * distances like it; 0 for fewer than three planes, which may be two parts.
 *
 * @param depths of planes, in order
 */
export function usualDistance(depths: readonly number[]): number {
  const gaps = depths.slice(1).map((depth, n) => depth - depths[n]);
  if (gaps.length < 2) return 0;
  const quartile = gaps.toSorted((a, b) => a - b)[(gaps.length - 1) >> 2];
  const alike = gaps.filter((gap) => Math.abs(gap - quartile) <= widest * quartile);
  return alike.reduce((sum, gap) => sum + gap, 0) / alike.length;
}
