/** The header's fields that matter here, as they stand in the file. */
export interface Fields {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Whether the voxels follow in the same file (`n+1`) or lie in an `.img` beside it (`ni1`). */
  readonly singleFile: boolean;
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly pixdim: readonly number[];
  readonly voxOffset: number;
  readonly slope: number;
  readonly inter: number;
  readonly units: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d. */
  readonly quaternion: readonly number[];
  readonly qoffset: readonly number[];
  /** Three rows of four. */
  readonly srow: readonly number[];
}

/** Bytes of a NIfTI-2 header, the longer of the two. */
export const headerBytes = { 1: 348, 2: 540 } as const;

/**
 * The fields of a NIfTI-1 (nifti1.h) or NIfTI-2 (nifti2.h) header of either byte order; undefined for bytes that
 * are neither, or too few.
 */
export function readFields(bytes: Uint8Array): Fields | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes[1]) return undefined;
  const ascii = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  for (const littleEndian of [true, false]) {
    const length = view.getInt32(0, littleEndian);
    if (length === headerBytes[1]) {
      const magic = ascii(344, 4);
      if (magic === "n+1\0" || magic === "ni1\0") return fields1(view, littleEndian, magic[1] === "+");
    }
    if (length === headerBytes[2] && bytes.length >= headerBytes[2]) {
      const magic = ascii(4, 8);
      if (magic === "n+2\0\r\n\x1a\n" || magic === "ni2\0\r\n\x1a\n")
        return fields2(view, littleEndian, magic[1] === "+");
    }
  }
  return undefined;
}

function fields1(view: DataView, littleEndian: boolean, singleFile: boolean): Fields {
  const int = (at: number) => view.getInt16(at, littleEndian);
  const float = (at: number) => view.getFloat32(at, littleEndian);
  const many = (n: number, read: (at: number) => number, at: number, step: number) =>
    Array.from({ length: n }, (_, i) => read(at + step * i));
  return {
    version: 1,
    littleEndian,
    singleFile,
    dim: many(8, int, 40, 2),
    datatype: int(70),
    pixdim: many(8, float, 76, 4),
    voxOffset: float(108),
    slope: float(112),
    inter: float(116),
    units: view.getUint8(123),
    qformCode: int(252),
    sformCode: int(254),
    quaternion: many(3, float, 256, 4),
    qoffset: many(3, float, 268, 4),
    srow: many(12, float, 280, 4),
  };
}

function fields2(view: DataView, littleEndian: boolean, singleFile: boolean): Fields {
  const int = (at: number) => view.getInt32(at, littleEndian);
  const long = (at: number) => Number(view.getBigInt64(at, littleEndian));
  const double = (at: number) => view.getFloat64(at, littleEndian);
  const many = (n: number, read: (at: number) => number, at: number) =>
    Array.from({ length: n }, (_, i) => read(at + 8 * i));
  return {
    version: 2,
    littleEndian,
    singleFile,
    dim: many(8, long, 16),
    datatype: view.getInt16(12, littleEndian),
    pixdim: many(8, double, 104),
    voxOffset: long(168),
    slope: double(176),
    inter: double(184),
    units: int(500),
    qformCode: int(344),
    sformCode: int(348),
    quaternion: many(3, double, 352),
    qoffset: many(3, double, 376),
    srow: many(12, double, 400),
  };
}
