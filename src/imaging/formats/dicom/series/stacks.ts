import type { Slice } from "./slice.ts";

/** Slices of one series that share grid and orientation and were taken in one pass: candidates for one volume. */
export interface Stack {
  readonly slices: readonly Slice[];
}

/**
 * A series' stacks: by grid, orientation and frame of reference; then by stack ID, temporal position, acquisition, tube
 * voltage, kernel or acquisition time, where the parts cover the same stretch of the patient; then, where every place
 * is taken equally often, by instance number.
 */
export function stacksOf(slices: readonly Slice[]): Stack[] {
  const grids = Map.groupBy(slices, gridKey);
  return [...grids.values()].flatMap((grid) => passes(grid, marks).map((members) => ({ slices: members })));
}

/** Slices of one grid lie on parallel planes: equal to 10⁻³ in orientation and 10⁻⁴ mm in spacing. */
function gridKey({ file: { header }, plane: { row, column, spacing } }: Slice): string {
  const rounded = (values: readonly number[], unit: number) => values.map((v) => Math.round(v / unit) + 0);
  return JSON.stringify([
    header.rows,
    header.columns,
    header.frameOfReference,
    rounded([...row, ...column], 1e-3),
    rounded(spacing, 1e-4),
  ]);
}

type Mark = (slice: Slice) => string | number | undefined;

/** What tells the passes of a series apart, most telling first. */
const marks: readonly Mark[] = [
  ({ plane }) => plane.stack,
  ({ plane }) => plane.temporalPosition,
  ({ plane }) => plane.acquisition,
  ({ file }) => file.header.kvp,
  ({ file }) => file.header.kernel,
  ({ file }) => file.header.acquisitionTime,
];

function passes(slices: readonly Slice[], [mark, ...others]: readonly Mark[]): (readonly Slice[])[] {
  if (!mark) return repeats(slices);
  const parts = [...Map.groupBy(slices, mark).values()];
  return overlap(parts) ? parts.flatMap((part) => passes(part, others)) : passes(slices, others);
}

/**
 * Whether two parts are volumes that cover the same stretch: by more than a quarter of the shorter. Parts of one volume
 * lie one after the other, as in a scan step by step, which may number or time each step.
 */
function overlap(parts: readonly (readonly Slice[])[]): boolean {
  if (parts.length < 2 || parts.some((part) => part.length < 3)) return false;
  const extents = parts.map((part) => {
    const depths = part.map(depth);
    return [Math.min(...depths), Math.max(...depths)] as const;
  });
  return extents.some(([low, high], i) =>
    extents.slice(i + 1).some(([from, to]) => {
      const common = Math.min(high, to) - Math.max(low, from);
      return common > 0.25 * Math.min(high - low, to - from);
    }),
  );
}

/** Along the normal, mm. */
function depth({ plane: { row, column, position } }: Slice): number {
  const normal = [0, 1, 2].map(
    (a) => row[(a + 1) % 3] * column[(a + 2) % 3] - row[(a + 2) % 3] * column[(a + 1) % 3],
  );
  return normal[0] * position[0] + normal[1] * position[1] + normal[2] * position[2];
}

/** The n-th images at all places, by instance number; one stack where places are taken unequally often, or by copies. */
function repeats(slices: readonly Slice[]): (readonly Slice[])[] {
  const places = [
    ...Map.groupBy(slices, ({ plane }) => plane.position.map((mm) => mm.toFixed(2)).join()).values(),
  ];
  const times = places[0].length;
  const number = ({ file, frame }: Slice) => (file.header.instanceNumber ?? 0) * 1e6 + frame;
  const distinct = new Set(slices.map(number)).size === slices.length;
  if (times === 1 || places.length < 3 || !distinct || places.some((place) => place.length !== times))
    return [slices];
  const sorted = places.map((place) => place.toSorted((a, b) => number(a) - number(b)));
  return Array.from({ length: times }, (_, n) => sorted.map((place) => place[n]));
}
