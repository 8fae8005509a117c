import type { Vec3, VoxelArray } from "./volume.ts";

/** A zeroed array of the same type. */
export function arrayLike<T extends VoxelArray>(data: T, length: number): T {
  return new (data.constructor as new (length: number) => T)(length);
}

/** What moves voxels without reading them: one of four views by width, so that V8 keeps the loops fast. */
export type Bits = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The same memory seen by its width alone. */
export function bitsOf(data: VoxelArray): Bits {
  const { buffer, byteOffset, length } = data;
  switch (data.BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    default:
      return new Float64Array(buffer, byteOffset, length);
  }
}

/** Edge of the cubes copied at a time, so that both sides of a transposition stay in cache. */
const block = 32;

/** Copies `size` voxels into `target`, i fastest, from `source[base + i·strides[0] + j·strides[1] + k·strides[2]]`. */
export function copyStrided<T extends VoxelArray>(source: T, size: Vec3, base: number, strides: Vec3): T {
  const target = arrayLike(source, size[0] * size[1] * size[2]);
  const from = bitsOf(source);
  const to = bitsOf(target);
  const [nx, ny, nz] = size;
  const [si, sj, sk] = strides;
  for (let k0 = 0; k0 < nz; k0 += block)
    for (let j0 = 0; j0 < ny; j0 += block)
      for (let i0 = 0; i0 < nx; i0 += block) {
        const i1 = Math.min(i0 + block, nx);
        for (let k = k0; k < Math.min(k0 + block, nz); k++)
          for (let j = j0; j < Math.min(j0 + block, ny); j++) {
            const row = nx * (j + ny * k);
            const at = base + j * sj + k * sk;
            for (let i = i0; i < i1; i++) to[row + i] = from[at + i * si];
          }
      }
  return target;
}
