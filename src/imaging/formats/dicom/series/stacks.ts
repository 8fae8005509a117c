import { bordersOf } from "./borders.ts";
import { type Grid, gridsOf } from "./grids.ts";
import { compared } from "./marks.ts";
import { doubtsOf, passesOf } from "./passes.ts";
import type { Places } from "./places.ts";
import type { Slice, SlicesAside } from "./slice.ts";
import { widestGap } from "./stackGeometry.ts";

/** Slices of one series that share grid and orientation and were taken in one pass: candidates for one volume. */
export interface Stack {
  /** In order along their normal. */
  readonly slices: readonly Slice[];
  /** What a reader must know of how they were found. */
  readonly remarks?: readonly string[];
}

export interface SortedSlices {
  readonly stacks: readonly Stack[];
  readonly setAside: readonly SlicesAside[];
}

/**
 * A series' stacks: by grid, orientation and frame of reference; then by stack ID, temporal position, acquisition, tube
 * voltage, kernel or acquisition time, where the parts cover the same stretch of the patient; then, where places are
 * taken more than once, by thickness, image type, content time and order in time; then by instance number. Whatever the
 * order of the slices, the stacks are the same. A few slices that fit into no stack beside whole ones are set aside.
 */
export function sortSlices(slices: readonly Slice[]): SortedSlices {
  const { grids, aside } = gridsOf(slices.toSorted(byName));
  const sorted = grids.map(stacksOn);
  return {
    stacks: sorted.flatMap(({ stacks }) => stacks).sort((a, b) => compared(firstOf(a), firstOf(b))),
    setAside: [...aside, ...sorted.flatMap(({ setAside }) => setAside)],
  };
}

/** The stacks alone. */
export const stacksOf = (slices: readonly Slice[]): readonly Stack[] => sortSlices(slices).stacks;

function stacksOn({ slices, places }: Grid): SortedSlices {
  const { distinct, copies } = withoutCopies(slices, places);
  const { passes, aside } = passesOf({ slices: distinct, places });
  const setAside = [...aside];
  const stacks = passes.map((pass): Stack => {
    const left = [...bordersOf(pass, places)];
    const kept = (out: readonly SlicesAside[]) =>
      pass.filter((slice) => !out.some((group) => group.slices.includes(slice)));
    left.push(...farFrom(kept(left), places));
    setAside.push(...left);
    const members = kept(left).toSorted((a, b) => places.depth(a) - places.depth(b));
    const remarks = [...doubtsOf(members, places), ...sharedInstances(members)];
    return {
      slices: members.flatMap((slice) => [slice, ...(copies.get(slice) ?? [])]),
      ...(remarks.length > 0 && { remarks }),
    };
  });
  return { stacks, setAside };
}

/** Copies of an instance, by the one that stands for them: what marks them apart is the same. */
function withoutCopies(
  slices: readonly Slice[],
  places: Places,
): { distinct: Slice[]; copies: ReadonlyMap<Slice, readonly Slice[]> } {
  const copies = new Map<Slice, Slice[]>();
  for (const place of places.groups(slices))
    for (const [first, ...others] of Map.groupBy(place, instance).values()) copies.set(first, others);
  return { distinct: [...copies.keys()], copies };
}

const instance = ({ file: { source, header }, frame, plane }: Slice): string =>
  JSON.stringify([
    header.sopInstance ?? source.name,
    frame,
    header.instanceNumber,
    plane.stack,
    plane.temporalPosition,
    plane.acquisition,
    header.acquisitionTime,
  ]);

function sharedInstances(slices: readonly Slice[]): string[] {
  const known = slices.filter(({ file }) => file.header.sopInstance !== undefined);
  const groups = [...Map.groupBy(known, ({ file, frame }) => `${file.header.sopInstance}#${frame}`).values()];
  const count = groups.reduce((sum, group) => sum + (group.length > 1 ? group.length : 0), 0);
  return count > 0 ? [`${count} different slices share their SOP Instance UID (0008,0018) with another`] : [];
}

/** One or two slices beyond a gap that nothing is interpolated across, where they are few beside the volume's. */
function farFrom(slices: readonly Slice[], { groups, depth, named }: Places): SlicesAside[] {
  const places = groups(slices);
  const depths = places.map(([first]) => depth(first));
  const steps = depths.slice(1).map((at, n) => at - depths[n]);
  const usual = steps.toSorted((a, b) => a - b)[(steps.length - 1) >> 1];
  const runs: Slice[][][] = [];
  for (const [n, place] of places.entries()) {
    if (n === 0 || (steps[n - 1] > widestGap && steps[n - 1] > 1.5 * usual)) runs.push([]);
    runs[runs.length - 1].push(place);
  }
  const far = runs.filter((run) => run.length < 3);
  const few = far.reduce((sum, run) => sum + run.length, 0) <= 0.1 * places.length;
  if (far.length !== runs.length - 1 || !few) return [];
  const volume = runs.find((run) => run.length >= 3)!;
  const [low, high] = [depth(volume[0][0]), depth(volume[volume.length - 1][0])];
  return far.map((run) => {
    const at = depth(run[0][0]);
    const away = at < low ? low - depth(run[run.length - 1][0]) : at - high;
    return {
      slices: run.flat(),
      reason: `${away.toFixed(1)} mm away from the other slices (${named(run[0][0])})`,
    };
  });
}

/** Whatever folder they come from, in one order. */
function byName(a: Slice, b: Slice): number {
  const key = ({ file: { header, source }, frame }: Slice) =>
    [header.sopInstance ?? "", source.name, String(frame).padStart(9, "0")] as const;
  const [one, other] = [key(a), key(b)];
  const n = one.findIndex((part, i) => part !== other[i]);
  return n < 0 ? 0 : one[n] < other[n] ? -1 : 1;
}

/** Stacks in order of time, acquisition and instance number. */
function firstOf({ slices }: Stack): number[] {
  const least = (of: (slice: Slice) => number | undefined) =>
    slices.reduce((low, slice) => Math.min(low, of(slice) ?? Infinity), Infinity);
  return [
    least(({ file }) => file.header.acquisitionTime),
    least(({ plane }) => plane.acquisition),
    least(({ plane }) => plane.temporalPosition),
    least(({ file, frame }) => (file.header.instanceNumber ?? 0) * 1e6 + frame),
  ];
}
