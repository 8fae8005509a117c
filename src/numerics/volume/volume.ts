/** A triple along the axes i, j, k of a volume (i fastest in memory) or along L, P, S. */
export type Vec3 = readonly [number, number, number];

/** What voxels can be stored as. */
export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Where voxels lie in the patient: LPS millimetres, as in DICOM and ITK. */
export interface Geometry {
  /** Voxels along i, j, k. */
  readonly size: Vec3;
  /** Distance between voxel centres along i, j, k, mm, > 0. */
  readonly spacing: Vec3;
  /** Centre of voxel (0, 0, 0), LPS mm. */
  readonly origin: Vec3;
  /** Unit vectors of the axes i, j, k in LPS: `direction[a]` is the way axis `a` runs. */
  readonly direction: readonly [Vec3, Vec3, Vec3];
}

/** A 3D image: `data[i + size[0] * (j + size[1] * k)]` is the voxel (i, j, k). */
export interface Volume<T extends VoxelArray = VoxelArray> extends Geometry {
  readonly data: T;
}

/** Axes along L, P and S: i to the left, j to the back, k to the head. */
export const lpsDirection: Geometry["direction"] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
