import type { Volume, VoxelArray } from "../../../../src/numerics/volume/index.ts";
import { type Study, smallPhases, truth } from "./study.ts";

/** How a NIfTI file is written: by this file alone, for the project's own writer writes one form. */
export interface NiftiForm {
  readonly version: 1 | 2;
  readonly little: boolean;
  /** NIfTI's data type code. */
  readonly datatype: 2 | 4 | 8 | 16 | 64 | 256 | 512 | 768 | 1024 | 1280;
  readonly slope: number;
  readonly inter: number;
  readonly sform: number;
  readonly qform: number;
  /** mm in a unit, and NIfTI's code of it. */
  readonly unit: readonly [mm: number, code: number];
  /** Bytes of an extension between header and voxels. */
  readonly extension: number;
  /** Sizes behind the third. */
  readonly more: readonly number[];
  /** Added to the place that the qform has, mm. */
  readonly qformOff: number;
}

export const plainForm: NiftiForm = {
  ...{ version: 1, little: true, datatype: 4, slope: 1, inter: 0, sform: 1, qform: 1 },
  ...{ unit: [1, 2], extension: 0, more: [], qformOff: 0 },
};

const writers: Readonly<
  Record<
    NiftiForm["datatype"],
    readonly [bytes: number, put: (v: DataView, at: number, x: number, le: boolean) => void]
  >
> = {
  2: [1, (view, at, x) => view.setUint8(at, x)],
  4: [2, (view, at, x, le) => view.setInt16(at, x, le)],
  8: [4, (view, at, x, le) => view.setInt32(at, x, le)],
  16: [4, (view, at, x, le) => view.setFloat32(at, x, le)],
  64: [8, (view, at, x, le) => view.setFloat64(at, x, le)],
  256: [1, (view, at, x) => view.setInt8(at, x)],
  512: [2, (view, at, x, le) => view.setUint16(at, x, le)],
  768: [4, (view, at, x, le) => view.setUint32(at, x, le)],
  1024: [8, (view, at, x, le) => view.setBigInt64(at, BigInt(x), le)],
  1280: [8, (view, at, x, le) => view.setBigUint64(at, BigInt(x), le)],
};

/** A volume whose axes are those of the patient, in any order and way, as a NIfTI file. */
export function niftiOf(volume: Volume, form: NiftiForm): Uint8Array {
  const { version, little, datatype, unit } = form;
  const [bytes, put] = writers[datatype];
  const header = version === 1 ? 352 : 544;
  const start = header + form.extension;
  const file = new Uint8Array(start + volume.data.length * bytes);
  const view = new DataView(file.buffer);
  const { size, spacing, direction, origin } = volume;
  // To RAS: the first two coordinates change sign.
  const ras = ([x, y, z]: readonly number[]) => [-x / unit[0], -y / unit[0], z / unit[0]];
  const place = ras(origin);
  const columns = direction.map((way, a) => ras(way.map((part) => part * spacing[a])));
  const rows = [0, 1, 2].flatMap((r) => [columns[0][r], columns[1][r], columns[2][r], place[r]]);
  const { qfac, bcd } = quaternionOf(direction);
  const fields = {
    dim: [3 + form.more.length, ...size, ...form.more, 1, 1, 1, 1].slice(0, 8),
    pixdim: [qfac, ...spacing.map((mm) => mm / unit[0]), 0, 0, 0, 0],
    qoffset: [place[0] + form.qformOff / unit[0], place[1], place[2]],
  };
  if (version === 1) header1(view, form, bytes, start, rows, bcd, fields);
  else header2(view, form, bytes, start, rows, bcd, fields);
  if (form.extension > 0) view.setUint8(header - 4, 1);
  for (let n = 0; n < volume.data.length; n++)
    put(view, start + n * bytes, (volume.data[n] - form.inter) / form.slope, little);
  return file;
}

interface Fields {
  readonly dim: readonly number[];
  readonly pixdim: readonly number[];
  readonly qoffset: readonly number[];
}

function header1(
  view: DataView,
  { little, datatype, slope, inter, sform, qform, unit }: NiftiForm,
  bytes: number,
  start: number,
  rows: readonly number[],
  bcd: readonly number[],
  { dim, pixdim, qoffset }: Fields,
): void {
  const floats = (at: number, values: readonly number[]) => {
    for (const [n, value] of values.entries()) view.setFloat32(at + 4 * n, value, little);
  };
  view.setInt32(0, 348, little);
  for (const [n, value] of dim.entries()) view.setInt16(40 + 2 * n, value, little);
  view.setInt16(70, datatype, little);
  view.setInt16(72, 8 * bytes, little);
  floats(76, pixdim);
  floats(108, [start, slope, inter]);
  view.setUint8(123, unit[1]);
  view.setInt16(252, qform, little);
  view.setInt16(254, sform, little);
  floats(256, [...bcd, ...qoffset]);
  floats(280, rows);
  for (const [n, char] of [..."n+1"].entries()) view.setUint8(344 + n, char.charCodeAt(0));
}

function header2(
  view: DataView,
  { little, datatype, slope, inter, sform, qform, unit }: NiftiForm,
  bytes: number,
  start: number,
  rows: readonly number[],
  bcd: readonly number[],
  { dim, pixdim, qoffset }: Fields,
): void {
  const doubles = (at: number, values: readonly number[]) => {
    for (const [n, value] of values.entries()) view.setFloat64(at + 8 * n, value, little);
  };
  view.setInt32(0, 540, little);
  for (const [n, char] of [..."n+2\0\r\n\u001a\n"].entries()) view.setUint8(4 + n, char.charCodeAt(0));
  view.setInt16(12, datatype, little);
  view.setInt16(14, 8 * bytes, little);
  for (const [n, value] of dim.entries()) view.setBigInt64(16 + 8 * n, BigInt(value), little);
  doubles(104, pixdim);
  view.setBigInt64(168, BigInt(start), little);
  doubles(176, [slope, inter]);
  view.setInt32(344, qform, little);
  view.setInt32(348, sform, little);
  doubles(352, [...bcd, ...qoffset]);
  doubles(400, rows);
  view.setInt32(500, unit[1], little);
}

/**
 * The quaternion of axes in RAS, by its largest component: a ≥ 0 as NIfTI has it, the third axis turned round where the
 * axes are left-handed (nifti1.h, method 2).
 */
function quaternionOf(direction: Volume["direction"]): { qfac: number; bcd: readonly number[] } {
  const [u, v, w] = direction.map(([x, y, z]) => [-x, -y, z]);
  const turn =
    u[0] * (v[1] * w[2] - v[2] * w[1]) -
    v[0] * (u[1] * w[2] - u[2] * w[1]) +
    w[0] * (u[1] * v[2] - u[2] * v[1]);
  const qfac = turn < 0 ? -1 : 1;
  const k = w.map((part) => part * qfac);
  const squares = [
    1 + u[0] + v[1] + k[2],
    1 + u[0] - v[1] - k[2],
    1 - u[0] + v[1] - k[2],
    1 - u[0] - v[1] + k[2],
  ].map((sum) => Math.sqrt(Math.max(0, sum)) / 2);
  const largest = squares.indexOf(Math.max(...squares));
  const q = squares[largest];
  const pairs: Record<number, number[]> = {
    0: [q, (v[2] - k[1]) / (4 * q), (k[0] - u[2]) / (4 * q), (u[1] - v[0]) / (4 * q)],
    1: [(v[2] - k[1]) / (4 * q), q, (v[0] + u[1]) / (4 * q), (k[0] + u[2]) / (4 * q)],
    2: [(k[0] - u[2]) / (4 * q), (v[0] + u[1]) / (4 * q), q, (k[1] + v[2]) / (4 * q)],
    3: [(u[1] - v[0]) / (4 * q), (k[0] + u[2]) / (4 * q), (k[1] + v[2]) / (4 * q), q],
  };
  const [a, ...bcd] = pairs[largest];
  return { qfac, bcd: a < 0 ? bcd.map((part) => -part) : bcd };
}

/** The same image with its axes in another order and some the other way round: index n is old axis `axes[n]`. */
export function turned<T extends VoxelArray>(
  volume: Volume<T>,
  axes: readonly [number, number, number],
  flips: readonly boolean[],
): Volume<T> {
  const { size, spacing, direction, origin } = volume;
  const strides = [1, size[0], size[0] * size[1]];
  const own = axes.map((axis) => size[axis]);
  const data = volume.data.slice() as T;
  let n = 0;
  for (let k = 0; k < own[2]; k++)
    for (let j = 0; j < own[1]; j++)
      for (let i = 0; i < own[0]; i++) {
        const at = [i, j, k].map((index, a) => (flips[a] ? own[a] - 1 - index : index));
        data[n++] = volume.data[axes.reduce((sum, axis, a) => sum + strides[axis] * at[a], 0)];
      }
  const corner = origin.map((mm, c) =>
    axes.reduce(
      (sum, axis, a) => sum + (flips[a] ? (size[axis] - 1) * spacing[axis] * direction[axis][c] : 0),
      mm,
    ),
  );
  const way = (a: number) => direction[axes[a]].map((part) => (flips[a] ? -part : part) + 0);
  return {
    size: own as never,
    spacing: axes.map((axis) => spacing[axis]) as never,
    origin: corner as never,
    direction: [way(0), way(1), way(2)] as never,
    data,
  };
}

/** A study with its NIfTI files written anew: its mask, and its images where they are NIfTI. */
export const rewritten = (study: Study, write: (volume: Volume, isMask: boolean) => Uint8Array): Study => ({
  ...study,
  mask: write(truth.mask, true),
  ...(study.images && {
    images: Object.fromEntries(
      smallPhases.map((phase) => [phase, write(truth.phases[phase], false)]),
    ) as Study["images"] & object,
  }),
});
