import {
  type AffineMap,
  apply,
  type Geometry,
  type Vec3,
  type Volume,
  type VoxelArray,
} from "../../numerics/volume/index.ts";

/**
 * ITK's Euler3DTransform, p → R (p − c) + c + t with R = Rz Rx Ry, as elastix writes it.
 * @param parameters angles about x, y, z in radians, then t in mm
 * @param center c, LPS mm
 */
export function eulerTransform(parameters: readonly number[], center: Vec3): AffineMap {
  const [ax, ay, az, ...t] = parameters;
  const [cx, sx] = [Math.cos(ax), Math.sin(ax)];
  const [cy, sy] = [Math.cos(ay), Math.sin(ay)];
  const [cz, sz] = [Math.cos(az), Math.sin(az)];
  const matrix: AffineMap["matrix"] = [
    cz * cy - sz * sx * sy,
    -sz * cx,
    cz * sy + sz * sx * cy,
    sz * cy + cz * sx * sy,
    cz * cx,
    sz * sy - cz * sx * cy,
    -cx * sy,
    sx,
    cx * cy,
  ];
  const turned = apply({ matrix, offset: [0, 0, 0] }, center);
  const along = (a: number) => center[a] + t[a] - turned[a];
  return { matrix, offset: [along(0), along(1), along(2)] };
}

/** Degrees of a rotation about its own axis. */
export function rotationDegrees({ matrix: m }: AffineMap): number {
  const cosine = (m[0] + m[4] + m[8] - 1) / 2;
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

/**
 * The image where it lies in the patient of the fixed one: only its geometry changes, no voxel.
 * @param transform from points of the fixed image to points of this one, rigid
 */
export function placed<T extends VoxelArray>(moving: Volume<T>, { matrix: m, offset }: AffineMap): Volume<T> {
  const back: AffineMap["matrix"] = [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
  const turn = (v: Vec3): Vec3 => apply({ matrix: back, offset: [0, 0, 0] }, v);
  const { origin, direction } = moving;
  const [u, v, w] = direction;
  const first: Vec3 = [origin[0] - offset[0], origin[1] - offset[1], origin[2] - offset[2]];
  const geometry: Pick<Geometry, "origin" | "direction"> = {
    origin: turn(first),
    direction: [turn(u), turn(v), turn(w)],
  };
  return { ...moving, ...geometry };
}
