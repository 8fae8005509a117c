import { TrinephronError } from "../../../base/errors.ts";
import { determinant } from "../../../numerics/volume/geometry.ts";
import { gridDifference, sameGeometry } from "../../../numerics/volume/gridDifference.ts";
import type { Geometry, Vec3 } from "../../../numerics/volume/volume.ts";
import type { Fields } from "./fields.ts";

/** Three rows of four: from voxel indices to RAS. */
type Rows = readonly number[];

/** NIfTI's codes for what a transform leads to (scanner, aligned, Talairach, MNI, template); nibabel reads all else as 0. */
const valid = (code: number) => code >= 1 && code <= 5;

/** Millimetres in the unit of `xyzt_units`; metre and micron are rare, an unknown unit is taken as mm. */
const millimeters = (units: number) => ({ 1: 1000, 3: 0.001 })[units & 7] ?? 1;

/** Where the voxels lie, and what a user must know of it. */
export interface Placed {
  readonly geometry: Geometry;
  readonly remarks: readonly string[];
}

/**
 * Where the voxels lie. As nibabel: the sform where its code is valid, else the qform, else pixel sizes, i running to
 * the left, centred on the origin. Unlike nibabel, units other than mm are converted, and it is said where the header
 * contradicts itself by more than rounding ({@link sameGeometry}) or leaves the place open.
 *
 * @throws E_GEOMETRY for a transform that is not finite or not invertible
 */
export function niftiGeometry(fields: Fields, size: Vec3, name: string): Placed {
  if (!valid(fields.sformCode)) {
    if (valid(fields.qformCode))
      return { geometry: placed("qform", qform(fields, size, name), fields, size, name), remarks: [] };
    const geometry = placed("pixdim", base(fields, size, name), fields, size, name);
    return {
      geometry,
      remarks: ["its header does not say how the patient lies: left, right and place are a guess"],
    };
  }
  const geometry = placed("sform", fields.srow, fields, size, name);
  return { geometry, remarks: contradictions(geometry, fields, size, name) };
}

/** Where qform or pixel sizes say otherwise than the sform. */
function contradictions(geometry: Geometry, fields: Fields, size: Vec3, name: string): string[] {
  try {
    const other = valid(fields.qformCode)
      ? placed("qform", qform(fields, size, name), fields, size, name)
      : { ...geometry, spacing: zooms(fields, size, name).map(inMm(fields)) as unknown as Vec3 };
    if (sameGeometry(geometry, other)) return [];
    const what = valid(fields.qformCode) ? "sform and qform" : "sform and pixel sizes";
    return [`its ${what} disagree (${gridDifference(geometry, other)}): the sform counts`];
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    return [`its ${valid(fields.qformCode) ? "qform" : "pixel size"} is none: the sform counts`];
  }
}

const inMm = ({ units }: Fields) => {
  const scale = millimeters(units);
  return (length: number) => length * scale;
};

function placed(kind: string, rows: Rows, fields: Fields, size: Vec3, name: string): Geometry {
  const scale = millimeters(fields.units);
  if (!rows.every((v) => Number.isFinite(v * scale)))
    throw new TrinephronError("E_GEOMETRY", `${name}: its ${kind} holds numbers that are not finite`, remedy);
  // RAS to LPS: the first two rows change sign.
  const at = (row: number, column: number) => (row < 2 ? -scale : scale) * rows[4 * row + column] + 0;
  const column = (c: number): Vec3 => [at(0, c), at(1, c), at(2, c)];
  const columns = [column(0), column(1), column(2)] as const;
  const length = (c: number) => Math.hypot(...columns[c]);
  const spacing: Vec3 = [length(0), length(1), length(2)];
  const unit = (c: number): Vec3 => {
    const [l, p, s] = columns[c];
    return [l / spacing[c], p / spacing[c], s / spacing[c]];
  };
  const direction: Geometry["direction"] = [unit(0), unit(1), unit(2)];
  const [u, v, w] = direction;
  const volume = Math.abs(determinant([u[0], v[0], w[0], u[1], v[1], w[1], u[2], v[2], w[2]]));
  if (!(volume > 1e-4))
    throw new TrinephronError(
      "E_GEOMETRY",
      `${name}: its ${kind} squeezes the volume flat (voxel of ${spacing.map((s) => +s.toPrecision(4)).join(" × ")} mm)`,
      remedy,
    );
  return { size, spacing, direction, origin: column(3) };
}

const remedy = "export it again from its source, or correct the header";

/** |pixdim| of the three axes; one along an axis of a single voxel, where many writers leave 0. */
function zooms({ pixdim }: Fields, size: Vec3, name: string): Vec3 {
  const zoom = (a: number) => {
    const mm = Math.abs(pixdim[a + 1]);
    if (Number.isFinite(mm) && mm > 0) return mm;
    if (size[a] === 1) return 1;
    throw new TrinephronError(
      "E_GEOMETRY",
      `${name}: voxel size ${pixdim[a + 1]} along axis ${a + 1}`,
      remedy,
    );
  };
  return [zoom(0), zoom(1), zoom(2)];
}

/** nifti1.h, method 2. */
function qform(fields: Fields, size: Vec3, name: string): Rows {
  let [b, c, d] = fields.quaternion;
  const squared = b * b + c * c + d * d;
  if (!(squared < 1.001))
    throw new TrinephronError("E_GEOMETRY", `${name}: the quaternion of its qform is no rotation`, remedy);
  // Rounded half turns come out a little longer than 1.
  const a = Math.sqrt(Math.max(0, 1 - squared));
  if (squared > 1) [b, c, d] = [b, c, d].map((q) => q / Math.sqrt(squared));
  const [x, y, z] = zooms(fields, size, name);
  const [side] = fields.pixdim;
  // nifti1.h knows −1, 0 and 1; for other negative numbers its readers differ, by a mirrored patient.
  if (side < 0 && side !== -1)
    throw new TrinephronError(
      "E_GEOMETRY",
      `${name}: its qform does not say which way the third axis runs (pixdim[0] is ${side})`,
      remedy,
    );
  const k = side === -1 ? -z : z;
  const [tx, ty, tz] = fields.qoffset;
  return [
    (a * a + b * b - c * c - d * d) * x,
    2 * (b * c - a * d) * y,
    2 * (b * d + a * c) * k,
    tx,
    2 * (b * c + a * d) * x,
    (a * a + c * c - b * b - d * d) * y,
    2 * (c * d - a * b) * k,
    ty,
    2 * (b * d - a * c) * x,
    2 * (c * d + a * b) * y,
    (a * a + d * d - c * c - b * b) * k,
    tz,
  ];
}

/** nibabel's `get_base_affine`. */
function base(fields: Fields, size: Vec3, name: string): Rows {
  const [x, y, z] = zooms(fields, size, name);
  const middle = (a: number) => (size[a] - 1) / 2;
  return [-x, 0, 0, x * middle(0), 0, y, 0, -y * middle(1), 0, 0, z, -z * middle(2)];
}
