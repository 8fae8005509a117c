import type { DicomHeader, Plane } from "./header.ts";
import type { DicomFile } from "./images.ts";

/** One plane of pixels: a frame of a file. */
export interface Slice {
  readonly file: DicomFile & { readonly header: DicomHeader };
  readonly frame: number;
  readonly plane: Plane;
}

/** Slices of one series that share grid and orientation: candidates for one volume. */
export interface Stack {
  readonly slices: readonly Slice[];
}

/** Files of one series, and what can become volumes of it. */
export interface Series {
  /** Of the first file. */
  readonly header: DicomHeader;
  readonly files: readonly DicomFile[];
  readonly stacks: readonly Stack[];
}

/**
 * Files by study and series, in order of series number; in each, slices by grid, orientation and frame of reference,
 * and by acquisition where places are taken twice.
 */
export function seriesOf(files: readonly DicomFile[]): Series[] {
  const read = files.filter((file): file is Slice["file"] => file.header !== undefined);
  const groups = Map.groupBy(read, ({ header }) => JSON.stringify([header.study.uid, header.series.uid]));
  return [...groups.values()]
    .map((members) => ({ header: members[0].header, files: members, stacks: stacksOf(members) }))
    .sort((a, b) => (a.header.series.number ?? Infinity) - (b.header.series.number ?? Infinity));
}

function stacksOf(files: readonly Slice["file"][]): Stack[] {
  const slices = files
    .filter(({ setAside }) => setAside === undefined)
    .flatMap((file) =>
      (file.planes ?? []).flatMap((plane, frame) => (plane ? [{ file, frame, plane }] : [])),
    );
  const grids = Map.groupBy(slices, gridKey);
  return [...grids.values()].flatMap((grid) => apart(grid).map((members) => ({ slices: members })));
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

/** Where every place is taken several times: one stack for each acquisition number. Else all of them. */
function apart(slices: readonly Slice[]): (readonly Slice[])[] {
  const places = new Set(slices.map(({ plane }) => plane.position.map((mm) => mm.toFixed(2)).join()));
  if (places.size === slices.length) return [slices];
  const acquisitions = Map.groupBy(slices, ({ file }) => file.header.acquisitionNumber);
  return acquisitions.size > 1 ? [...acquisitions.values()] : [slices];
}
