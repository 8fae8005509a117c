import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { TrinephronError } from "../../../base/errors.ts";
import { writeWhole } from "../../../base/files.ts";
import { determinant, type Matrix3, voxelCount } from "../../../numerics/volume/geometry.ts";
import type { Geometry, Vec3, Volume } from "../../../numerics/volume/volume.ts";
import { dataTypeOf } from "./datatype.ts";
import { littleEndianHost } from "./decode.ts";

/** What a file says besides its voxels. */
export interface EncodeOptions {
  /** Free text of at most 79 bytes, e.g. how the image came to be. */
  readonly description?: string;
}

/** How a file is written. */
export interface WriteOptions extends EncodeOptions {
  /** Default: where the path ends in `.gz`. */
  readonly compress?: boolean;
}

/** Where voxels start: the header and the four bytes that say that no extension follows. */
const dataOffset = 352;

/**
 * Writes NIfTI-1, whole or not at all. Positions are kept as Float32, as the format has them.
 *
 * @throws E_FILE_WRITE, E_UNSUPPORTED for more than 32767 voxels along an axis, E_GEOMETRY
 */
export async function writeNifti(path: string, volume: Volume, options: WriteOptions = {}): Promise<void> {
  const { compress = /\.gz$/i.test(path) } = options;
  const bytes = encodeNifti(volume, options, path);
  await writeWhole(path, compress ? await promisify(gzip)(bytes) : bytes);
}

/** The bytes of an uncompressed NIfTI-1 file: sform and qform (the latter only for axes at right angles), mm. */
export function encodeNifti(
  volume: Volume,
  { description = "" }: EncodeOptions = {},
  name = "volume",
): Uint8Array<ArrayBuffer> {
  const { size, spacing, data } = volume;
  if (size.some((n) => n > 32767))
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${name}: ${size.join(" × ")} voxels do not fit NIfTI-1`,
      "crop it",
    );
  const numbers = [...size, ...spacing, ...volume.origin, ...volume.direction.flat()];
  if (data.length !== voxelCount(volume) || !numbers.every(Number.isFinite))
    throw new TrinephronError("E_GEOMETRY", `${name}: ${data.length} voxels do not make ${size.join(" × ")}`);
  const bytes = new Uint8Array(dataOffset + data.byteLength);
  writeHeader(new DataView(bytes.buffer), volume);
  bytes.set(new TextEncoder().encode(description).subarray(0, 79), 148);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataOffset);
  return bytes;
}

function writeHeader(view: DataView, volume: Volume): void {
  const { size, spacing, data } = volume;
  const little = littleEndianHost;
  const ints = (at: number, values: readonly number[]) => {
    for (const [n, value] of values.entries()) view.setInt16(at + 2 * n, value, little);
  };
  const floats = (at: number, values: readonly number[]) => {
    for (const [n, value] of values.entries()) view.setFloat32(at + 4 * n, value, little);
  };
  const { code, bytes } = dataTypeOf(data);
  const [u, v, w] = volume.direction;
  const [a, b, c] = spacing;
  const [x, y, z] = volume.origin;
  const quaternion = qform(volume);
  view.setInt32(0, 348, little);
  view.setUint8(38, "r".charCodeAt(0));
  ints(40, [3, ...size, 1, 1, 1, 1]);
  ints(70, [code, 8 * bytes]);
  floats(76, [quaternion?.qfac ?? 1, ...spacing, 0, 0, 0, 0]);
  floats(108, [dataOffset, 1, 0]);
  view.setUint8(123, 2);
  // 1: positions in the scanner; LPS to RAS changes the sign of the first two rows.
  ints(252, [quaternion ? 1 : 0, 1]);
  floats(256, quaternion?.bcd ?? [0, 0, 0]);
  floats(268, [-x, -y, z]);
  floats(280, [-u[0] * a, -v[0] * b, -w[0] * c, -x]);
  floats(296, [-u[1] * a, -v[1] * b, -w[1] * c, -y]);
  floats(312, [u[2] * a, v[2] * b, w[2] * c, z]);
  for (const [n, char] of [..."n+1"].entries()) view.setUint8(344 + n, char.charCodeAt(0));
}

/** The quaternion (a ≥ 0) of the axes in RAS, the third reversed (`qfac` −1) where they are left-handed; undefined for sheared axes. */
function qform({ direction }: Geometry): { qfac: 1 | -1; bcd: Vec3 } | undefined {
  const [u, v, w] = direction.map(([l, p, s]) => [-l, -p, s]);
  const dot = (p: readonly number[], q: readonly number[]) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  if (Math.max(Math.abs(dot(u, v)), Math.abs(dot(u, w)), Math.abs(dot(v, w))) > 1e-5) return undefined;
  const rows: Matrix3 = [u[0], v[0], w[0], u[1], v[1], w[1], u[2], v[2], w[2]];
  const qfac = determinant(rows) < 0 ? -1 : 1;
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = rows.map((r, n) => (n % 3 === 2 ? qfac * r : r));
  // Four times each product; divided by the largest component, which loses no digits.
  const products = [
    [1 + xx + yy + zz, zy - yz, xz - zx, yx - xy],
    [zy - yz, 1 + xx - yy - zz, xy + yx, xz + zx],
    [xz - zx, xy + yx, 1 - xx + yy - zz, yz + zy],
    [yx - xy, xz + zx, yz + zy, 1 - xx - yy + zz],
  ];
  const row = products.reduce((best, p, n) => (p[n] > products[best][best] ? n : best), 0);
  const length = Math.hypot(...products[row]);
  const sign = products[row][0] < 0 ? -1 : 1;
  const component = (n: number) => (sign * products[row][n]) / length;
  return { qfac, bcd: [component(1), component(2), component(3)] };
}
