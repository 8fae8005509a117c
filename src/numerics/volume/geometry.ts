import type { Geometry, Vec3 } from "./volume.ts";

/** A 3 × 3 matrix, row after row. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** `x → matrix · x + offset`. */
export interface AffineMap {
  readonly matrix: Matrix3;
  readonly offset: Vec3;
}

/** The image of a point: matrix · x + offset. */
export const apply = ({ matrix: m, offset: o }: AffineMap, [x, y, z]: Vec3): Vec3 => [
  m[0] * x + m[1] * y + m[2] * z + o[0],
  m[3] * x + m[4] * y + m[5] * z + o[1],
  m[6] * x + m[7] * y + m[8] * z + o[2],
];

export const determinant = (m: Matrix3): number =>
  m[0] * (m[4] * m[8] - m[5] * m[7]) -
  m[1] * (m[3] * m[8] - m[5] * m[6]) +
  m[2] * (m[3] * m[7] - m[4] * m[6]);

function inverse({ matrix: m, offset }: AffineMap): AffineMap {
  const d = determinant(m);
  const matrix: Matrix3 = [
    (m[4] * m[8] - m[5] * m[7]) / d,
    (m[2] * m[7] - m[1] * m[8]) / d,
    (m[1] * m[5] - m[2] * m[4]) / d,
    (m[5] * m[6] - m[3] * m[8]) / d,
    (m[0] * m[8] - m[2] * m[6]) / d,
    (m[2] * m[3] - m[0] * m[5]) / d,
    (m[3] * m[7] - m[4] * m[6]) / d,
    (m[1] * m[6] - m[0] * m[7]) / d,
    (m[0] * m[4] - m[1] * m[3]) / d,
  ];
  const [x, y, z] = apply({ matrix, offset: [0, 0, 0] }, offset);
  return { matrix, offset: [-x, -y, -z] };
}

/** From voxel indices to LPS mm. */
export function indexToPatient({ direction: [u, v, w], spacing, origin }: Geometry): AffineMap {
  const [a, b, c] = spacing;
  const matrix: Matrix3 = [
    u[0] * a,
    v[0] * b,
    w[0] * c,
    u[1] * a,
    v[1] * b,
    w[1] * c,
    u[2] * a,
    v[2] * b,
    w[2] * c,
  ];
  return { matrix, offset: origin };
}

/** From LPS mm to voxel indices. */
export const patientToIndex = (geometry: Geometry): AffineMap => inverse(indexToPatient(geometry));

/** LPS mm of a (fractional) voxel index. */
export const indexToPoint = (geometry: Geometry, index: Vec3): Vec3 => apply(indexToPatient(geometry), index);

/** Fractional voxel index of a point in LPS mm. */
export const pointToIndex = (geometry: Geometry, point: Vec3): Vec3 => apply(patientToIndex(geometry), point);

/** From the voxel indices of `from` to the (fractional) voxel indices of `to`. */
export function indexMap(from: Geometry, to: Geometry): AffineMap {
  const back = patientToIndex(to);
  const { matrix: forth, offset } = indexToPatient(from);
  const column = (c: number) =>
    apply({ matrix: back.matrix, offset: [0, 0, 0] }, [forth[c], forth[3 + c], forth[6 + c]]);
  const [u, v, w] = [column(0), column(1), column(2)];
  return {
    matrix: [u[0], v[0], w[0], u[1], v[1], w[1], u[2], v[2], w[2]],
    offset: apply(back, offset),
  };
}

/** Millilitres of one voxel; true for sheared axes too. */
export const voxelVolumeMl = (geometry: Geometry): number =>
  Math.abs(determinant(indexToPatient(geometry).matrix)) / 1000;

/** How many voxels a grid has. */
export const voxelCount = ({ size }: Pick<Geometry, "size">): number => size[0] * size[1] * size[2];
