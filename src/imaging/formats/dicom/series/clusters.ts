/**
 * Items in groups that lie apart: in each group every coordinate goes from its least to its greatest value without a
 * step wider than its tolerance. Unlike rounded keys, no group is split where values straddle a bucket's edge, and the
 * order of the items does not matter.
 * @param coordinates as many of each item as there are tolerances
 */
export function clusters<T>(
  items: readonly T[],
  coordinates: (item: T) => readonly number[],
  tolerances: readonly number[],
): T[][] {
  const done: T[][] = [];
  if (items.length === 0) return done;
  const open = [items.map((item) => ({ item, at: coordinates(item) }))];
  for (let group = open.pop(); group; group = open.pop()) {
    let parts: (typeof group)[] = [group];
    for (let axis = 0; axis < tolerances.length && parts.length === 1; axis++)
      parts = split(group, ({ at }) => at[axis], tolerances[axis]);
    if (parts.length > 1) open.push(...parts);
    else done.push(group.map(({ item }) => item));
  }
  return done;
}

/** Along one axis. */
function split<T>(group: readonly T[], value: (each: T) => number, tolerance: number): T[][] {
  const sorted = group.toSorted((a, b) => value(a) - value(b));
  const parts: T[][] = [];
  for (const [n, each] of sorted.entries()) {
    if (n === 0 || value(each) - value(sorted[n - 1]) > tolerance) parts.push([]);
    parts[parts.length - 1].push(each);
  }
  return parts;
}
