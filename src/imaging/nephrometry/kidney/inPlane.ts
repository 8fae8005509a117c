import { boundingBox, type Vec3 } from "../../../numerics/volume/index.ts";

/** A mask of `length` voxels, 1 where `holds` is true of the voxel's index. */
export function maskWhere(length: number, holds: (n: number) => boolean): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(length);
  for (let n = 0; n < length; n++) if (holds(n)) mask[n] = 1;
  return mask;
}

/** The mask with the four in-plane neighbours of each of its voxels. */
export function dilateCross(mask: Uint8Array, [nx, ny, nz]: Vec3): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(mask);
  for (let row = 0; row < ny * nz; row++) {
    const base = row * nx;
    const j = row % ny;
    for (let n = base; n < base + nx; n++) {
      if (mask[n] === 0) continue;
      if (n > base) out[n - 1] = 1;
      if (n + 1 < base + nx) out[n + 1] = 1;
      if (j > 0) out[n - nx] = 1;
      if (j + 1 < ny) out[n + nx] = 1;
    }
  }
  return out;
}

/** The mask without the voxels that lack one of their four in-plane neighbours. */
export function erodeCross(mask: Uint8Array, size: Vec3): Uint8Array<ArrayBuffer> {
  const rest = dilateCross(
    mask.map((v) => (v === 0 ? 1 : 0)),
    size,
  );
  return maskWhere(mask.length, (n) => rest[n] === 0);
}

/** The voxels within `rx`, `ry`, `rz` steps of the mask along i, j, k: dilation by a box. */
export function dilateBox(mask: Uint8Array, size: Vec3, [rx, ry, rz]: Vec3): Uint8Array<ArrayBuffer> {
  let out = new Uint8Array(mask);
  const box = boundingBox(mask, size);
  if (!box) return out;
  // What is set from axis to axis: all else stays empty, and need not be looked at.
  const start = [...box.start];
  const end = [...box.end];
  for (const [axis, radius] of [rx, ry, rz].entries()) {
    if (radius === 0) continue;
    start[axis] = Math.max(0, start[axis] - radius);
    end[axis] = Math.min(size[axis], end[axis] + radius);
    out = dilateAlong(out, size, axis, radius, start, end);
  }
  return out;
}

/** One axis of a box: a voxel is set within `radius` steps of a set one, by a sweep each way from `start` to `end`. */
function dilateAlong(
  mask: Uint8Array,
  [nx, ny]: Vec3,
  axis: number,
  radius: number,
  start: readonly number[],
  end: readonly number[],
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(mask.length);
  const strides = [1, nx, nx * ny];
  const stride = strides[axis];
  const [a, b] = [0, 1, 2].filter((other) => other !== axis);
  for (let k = start[b]; k < end[b]; k++)
    for (let j = start[a]; j < end[a]; j++) {
      const line = j * strides[a] + k * strides[b];
      let reach = -1;
      for (let q = start[axis], n = line + q * stride; q < end[axis]; q++, n += stride) {
        if (mask[n] !== 0) reach = q + radius;
        if (q <= reach) out[n] = 1;
      }
      reach = end[axis];
      for (let q = end[axis] - 1, n = line + q * stride; q >= start[axis]; q--, n -= stride) {
        if (mask[n] !== 0) reach = q - radius;
        if (q >= reach) out[n] = 1;
      }
    }
  return out;
}

/** How many of the nine voxels of each in-plane 3 × 3 block are set; outside the volume none is. */
export function neighborCount(mask: Uint8Array, [nx, ny, nz]: Vec3): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(mask.length);
  for (let base = 0; base < mask.length; base += nx)
    for (let i = 0, n = base; i < nx; i++, n++)
      rows[n] = (i > 0 ? mask[n - 1] : 0) + mask[n] + (i + 1 < nx ? mask[n + 1] : 0);
  const out = new Uint8Array(mask.length);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++)
        out[n] = (j > 0 ? rows[n - nx] : 0) + rows[n] + (j + 1 < ny ? rows[n + nx] : 0);
  return out;
}

/** Mean of each in-plane 3 × 3 block; outside the volume counts as air, −1000 HU. */
export function neighborMean(values: ArrayLike<number>, [nx, ny, nz]: Vec3): Float32Array<ArrayBuffer> {
  const air = -1000;
  const rows = new Float32Array(values.length);
  for (let base = 0; base < values.length; base += nx)
    for (let i = 0, n = base; i < nx; i++, n++)
      rows[n] = (i > 0 ? values[n - 1] : air) + values[n] + (i + 1 < nx ? values[n + 1] : air);
  const out = new Float32Array(values.length);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++)
        out[n] = ((j > 0 ? rows[n - nx] : 3 * air) + rows[n] + (j + 1 < ny ? rows[n + nx] : 3 * air)) / 9;
  return out;
}
