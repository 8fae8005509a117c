import { TrinephronError } from "../../../../base/errors.ts";
import type { Geometry, Vec3 } from "../../../../numerics/volume/volume.ts";
import { fileRemarks } from "./fileRemarks.ts";
import { alike, usualPlane } from "./grids.ts";
import { named, samePlace } from "./places.ts";
import type { Slice } from "./slice.ts";

/** How a stack's slices make an even grid. */
export interface StackGeometry {
  /** Of the volume. */
  readonly geometry: Geometry;
  /** In order along the normal. */
  readonly slices: readonly Slice[];
  /** Along the normal from the first slice, mm, of each. */
  readonly depths: readonly number[];
  /** How far a slice's first pixel lies from where an upright stack would have it, in pixels along row and column. */
  readonly shifts: readonly (readonly [number, number])[];
  /** No slice is missing and their distances are the same: each is a plane of the volume. */
  readonly even: boolean;
  /** Gaps or tilt are there: values must be interpolated. */
  readonly resampled: boolean;
  /** What was corrected, in the files or in how they lie, for the user. */
  readonly remarks: readonly string[];
}

/** Distances that differ by less than this share of the usual one are even: positions are rounded in headers. */
const evenness = 0.02;
/** Nor do those that differ by less than this, mm. */
const rounding = 0.01;
/** Across a wider gap nothing is interpolated, mm: 10, which positions in headers round. */
export const widestGap = 10 + rounding;

/**
 * The even grid of a stack. Uneven distances and single missing slices are filled by interpolation, a tilted gantry is
 * sheared upright.
 * @throws E_GEOMETRY where there are fewer than three slices, two lie at one place, or a gap exceeds 10 mm
 */
export function stackGeometry(stack: readonly Slice[], name: string): StackGeometry {
  const { row, column, spacing } = usualPlane(stack);
  const normal = cross(row, column);
  mustBeParallel(stack, name);
  const tolerance = samePlace(Math.min(...spacing));
  const remarks = fileRemarks(stack.map(({ file }) => file));
  const sorted = stack
    .map((slice) => ({ slice, depth: dot(slice.plane.position, normal) }))
    .sort((a, b) => a.depth - b.depth);
  const twin = sorted.findIndex(({ depth }, i) => i > 0 && depth - sorted[i - 1].depth <= tolerance);
  if (twin > 0)
    throw new TrinephronError(
      "E_GEOMETRY",
      `${name}: two slices at one place: ${sorted[twin - 1].slice.file.source.name} and ${sorted[twin].slice.file.source.name}`,
      "keep one of them",
    );
  if (sorted.length < 3)
    throw new TrinephronError("E_GEOMETRY", `${name}: ${sorted.length} slices are no volume`);

  const depths = sorted.map(({ depth }) => depth - sorted[0].depth);
  const steps = depths.slice(1).map((depth, i) => depth - depths[i]);
  const step = steps.toSorted((a, b) => a - b)[(steps.length - 1) >> 1];
  const uneven = steps.filter((d) => Math.abs(d - step) > Math.max(evenness * step, rounding));
  const widest = Math.max(...steps);
  if (uneven.length > 0 && widest > widestGap && widest > 1.5 * step)
    throw new TrinephronError(
      "E_GEOMETRY",
      `${name}: a gap of ${widest.toFixed(1)} mm between slices ${step.toFixed(2)} mm apart`,
      "are files missing?",
    );
  // Where slices are missing, one or more: those distances that are longer by half.
  const missing = steps.flatMap((d, i) => {
    const [from, to] = [sorted[i], sorted[i + 1]].map(({ slice }) => named(slice.plane.position, normal));
    return uneven.includes(d) && d > 1.5 * step ? `${from} and ${to}` : [];
  });
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
  const gaps = missing.length > 0 ? `; slices missing between ${missing.slice(0, 5).join(", ")}${more}` : "";
  if (uneven.length > 0)
    remarks.push(
      `uneven slices (${Math.min(...steps).toFixed(2)}–${widest.toFixed(2)} mm) interpolated to ${step.toFixed(2)} mm${gaps}`,
    );

  remarks.push(...locationsAgainst(sorted, step, normal));

  const origin = sorted[0].slice.plane.position;
  const shifts = sorted.map(({ slice: { plane } }) => {
    const offset = sub(plane.position, origin);
    return [dot(offset, row) / spacing[0], dot(offset, column) / spacing[1]] as const;
  });
  const [across, along] = shifts[shifts.length - 1];
  const extent = depths[depths.length - 1];
  const angle = Math.atan2(Math.hypot(across * spacing[0], along * spacing[1]), extent) * (180 / Math.PI);
  const tilted = shifts.some(([x, y]) => Math.hypot(x, y) > 0.5);
  // Shifts that do not grow along the stack are no tilt: scans with another centre.
  const bent = shifts.some(
    ([x, y], i) => Math.hypot(x - (across * depths[i]) / extent, y - (along * depths[i]) / extent) > 0.5,
  );
  if (tilted && !bent) remarks.push(`gantry tilt of ${angle.toFixed(1)}° sheared upright`);
  else if (tilted)
    remarks.push("slices shifted against each other within their planes, moved to where they lie");

  const even = uneven.length === 0;
  const distance = even ? extent / (sorted.length - 1) : step;
  const count = even ? sorted.length : Math.round(extent / step) + 1;
  // An upright grid that holds all of a tilted one.
  const [low, high] = [0, 1]
    .map((axis) => shifts.map((shift) => (tilted ? shift[axis] : 0)))
    .map((v) => [Math.min(...v), Math.max(...v)])
    .reduce<[number[], number[]]>(
      ([lows, highs], [a, b]) => [
        [...lows, Math.floor(a)],
        [...highs, Math.ceil(b)],
      ],
      [[], []],
    );
  const { rows = 0, columns = 0 } = stack[0].file.header;
  return {
    geometry: {
      size: [columns + high[0] - low[0], rows + high[1] - low[1], count],
      spacing: [spacing[0], spacing[1], distance],
      origin: add(origin, add(scale(row, low[0] * spacing[0]), scale(column, low[1] * spacing[1]))),
      direction: [row, column, normal],
    },
    slices: sorted.map(({ slice }) => slice),
    depths,
    shifts: shifts.map(([x, y]) => (tilted ? [x - low[0], y - low[1]] : [0, 0])),
    even,
    resampled: tilted || !even,
    remarks,
  };
}

/** Slice Locations that follow the positions but for fewer than this share tell that those are out of place. */
const few = 0.25;

/** A remark where a few slices' Slice Location (any zero, either way) contradicts their position. */
function locationsAgainst(
  sorted: readonly { readonly slice: Slice; readonly depth: number }[],
  step: number,
  normal: Vec3,
): string[] {
  const known = sorted.flatMap(({ slice, depth }) => {
    const location = slice.file.header.sliceLocation;
    return location === undefined || slice.file.header.frames > 1 ? [] : [{ slice, depth, location }];
  });
  if (known.length < 5) return [];
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const slope = middle(
    known.slice(1).map(({ depth, location }, n) => (location - known[n].location) / (depth - known[n].depth)),
  );
  if (!(Math.abs(slope) > 0.5 && Math.abs(slope) < 2)) return [];
  const zero = middle(known.map(({ depth, location }) => location - slope * depth));
  const against = known.filter(
    ({ depth, location }) => Math.abs(location - slope * depth - zero) > 0.3 * step,
  );
  if (against.length === 0 || against.length > few * known.length) return [];
  const where = against.slice(0, 4).map(({ slice }) => named(slice.plane.position, normal));
  const more = against.length > 4 ? ` and ${against.length - 4} more` : "";
  return [
    `Slice Location (0020,1041) contradicts Image Position Patient (0020,0032) in ${against.length} slices (${where.join(", ")}${more}): the positions count, but slices may be out of place`,
  ];
}

/**
 * Orientations and spacings that differ by less than headers round may add up over many slices.
 * @throws E_GEOMETRY
 */
function mustBeParallel(stack: readonly Slice[], name: string): void {
  const ranges = Array.from({ length: 8 }, (_, n) => {
    const values = stack.map(({ plane: { row, column, spacing } }) => [...row, ...column, ...spacing][n]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  });
  if (ranges.every((range, n) => range <= 3 * (n < 6 ? alike.cosine : alike.spacing))) return;
  throw new TrinephronError("E_GEOMETRY", `${name}: slices of several orientations or pixel spacings`);
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
