import type { Vec3 } from "../volume.ts";

/** Voxels from `start` up to, not including, `end`; either may lie outside a volume. */
export interface Box {
  readonly start: Vec3;
  readonly end: Vec3;
}

/** The smallest box that holds every voxel where `mask` is not 0; undefined for an empty mask. */
export function boundingBox(mask: Uint8Array, size: Vec3): Box | undefined {
  const [nx, ny, nz] = size;
  let [i0, j0, k0] = size as [number, number, number];
  let [i1, j1, k1] = [-1, -1, -1];
  // Most rows are empty: seen four voxels at a time.
  const words =
    mask.byteOffset % 4 === 0 ? new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2) : undefined;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const base = nx * (j + ny * k);
      let i = 0;
      if (words) {
        while (i < nx && (base + i) % 4 !== 0 && mask[base + i] === 0) i++;
        if ((base + i) % 4 === 0) while (i + 4 <= nx && words[(base + i) >> 2] === 0) i += 4;
      }
      while (i < nx && mask[base + i] === 0) i++;
      if (i === nx) continue;
      let last = nx - 1;
      while (mask[base + last] === 0) last--;
      if (i < i0) i0 = i;
      if (last > i1) i1 = last;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
      if (k < k0) k0 = k;
      k1 = k;
    }
  return k1 < 0 ? undefined : { start: [i0, j0, k0], end: [i1 + 1, j1 + 1, k1 + 1] };
}

/** The box grown by `margin` mm on every side, in whole voxels rounded up; may reach outside the volume. */
export function grownBox(box: Box, margin: number, spacing: Vec3): Box {
  const by = spacing.map((s) => Math.ceil(margin / s));
  return {
    start: [box.start[0] - by[0], box.start[1] - by[1], box.start[2] - by[2]],
    end: [box.end[0] + by[0], box.end[1] + by[1], box.end[2] + by[2]],
  };
}

/** The part of the box that lies in a volume of `size`. */
export function clippedBox(box: Box, size: Vec3): Box {
  const within = (at: number, a: number) => Math.min(Math.max(at, 0), size[a]);
  return {
    start: [within(box.start[0], 0), within(box.start[1], 1), within(box.start[2], 2)],
    end: [within(box.end[0], 0), within(box.end[1], 1), within(box.end[2], 2)],
  };
}

/** Voxels of a box along i, j, k. */
export const boxSize = ({ start, end }: Box): Vec3 => [
  end[0] - start[0],
  end[1] - start[1],
  end[2] - start[2],
];
