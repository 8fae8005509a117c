import type { Vec3 } from "../../../numerics/volume/index.ts";

/**
 * The code of each cube of 2 × 2 × 2 voxels that holds a voxel of the volume, their centres being the voxels' corners:
 * one more than voxels along each axis. Beyond the volume nothing is set, so that what its edge cuts has a surface there.
 *
 * @param mask not 0 inside
 * @returns codes whose bit 4·i + j + 2·k is 1 where that voxel of the cube is set, and how many cubes lie along each axis
 */
export function cubeCodes(mask: Uint8Array, [nx, ny, nz]: Vec3): { codes: Uint8Array; size: Vec3 } {
  const size: Vec3 = [nx + 1, ny + 1, nz + 1];
  const codes = new Uint8Array(size[0] * size[1] * size[2]);
  const row = (j: number, k: number) => (j >= 0 && j < ny && k >= 0 && k < nz ? nx * (j + ny * k) : -1);
  let n = 0;
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++) {
      const [r0, r1, r2, r3] = [row(j - 1, k - 1), row(j, k - 1), row(j - 1, k), row(j, k)];
      let before = 0;
      for (let i = 0; i <= nx; i++) {
        let after = 0;
        if (i < nx) {
          if (r0 >= 0 && mask[r0 + i] !== 0) after |= 1;
          if (r1 >= 0 && mask[r1 + i] !== 0) after |= 2;
          if (r2 >= 0 && mask[r2 + i] !== 0) after |= 4;
          if (r3 >= 0 && mask[r3 + i] !== 0) after |= 8;
        }
        codes[n++] = before | (after << 4);
        before = after;
      }
    }
  return { codes, size };
}
