import type { Vec3 } from "../../../numerics/volume/index.ts";

/** A corner of a cube of 2 × 2 × 2 voxels, 0 or 1 along i, j, k. */
type Corner = Vec3;
/** The area vector of a facet for voxels of 1 mm, signs left out. */
type Facet = Vec3;

/**
 * The cases of marching cubes with vertices half-way along the edges (Lorensen & Cline, Comput. Graph. 1987;21:163,
 * fig. 3): which corners are set, and the facets that part them from the others. The rest are these turned, mirrored
 * or with set and unset exchanged. Corners that touch by a face's diagonal alone are kept apart.
 */
const cases: readonly (readonly [corners: readonly Corner[], facets: readonly Facet[]])[] = (() => {
  const [o, i, j, k]: Corner[] = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const [ij, jk, ik, ijk]: Corner[] = [
    [1, 1, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
  ];
  const tip: Facet = [0.125, 0.125, 0.125];
  const ridge: Facet = [0.5, 0.5, 0];
  const bend: Facet[] = [
    [0.5, 0, 0],
    [0.375, 0.375, 0.375],
  ];
  const skew: Facet[] = [
    [0.5, 0.5, 0.5],
    [0, 0.25, 0.25],
    [0.25, 0, 0.25],
  ];
  return [
    [[o], [tip]],
    [[o, k], [ridge]],
    [
      [o, jk],
      [tip, tip],
    ],
    [
      [o, ijk],
      [tip, tip],
    ],
    [[o, j, k], bend],
    [
      [o, k, ij],
      [ridge, tip],
    ],
    [
      [o, jk, ij],
      [tip, tip, tip],
    ],
    [[o, j, k, jk], [[1, 0, 0]]],
    [[o, i, j, k], [[0.75, 0.75, 0.75]]],
    [[i, ij, jk, ijk], skew],
    [
      [o, j, k, ijk],
      [...bend, tip],
    ],
    [
      [o, k, ij, ijk],
      [ridge, ridge],
    ],
    [
      [o, ij, jk, ik],
      [tip, tip, tip, tip],
    ],
  ];
})();

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** The bit of a corner in a code: i is worth 16, k 4, j 2. */
const bitOf = ([i, j, k]: Corner): number => 1 << (4 * i + j + 2 * k);

/**
 * Area of the surface, mm², within each of the 256 cubes of 2 × 2 × 2 voxels: as the tables of DeepMind's
 * surface-distance (Nikolov et al., arXiv 1809.04430), which they equal for any spacing.
 *
 * @param spacing mm along i, j, k
 * @returns by code: bit 4·i + j + 2·k is 1 where that voxel of the cube is set
 */
export function surfaceElementAreas([a, b, c]: Vec3): Float64Array {
  const areas = new Float64Array(256);
  const scale = [b * c, a * c, a * b];
  for (const [corners, facets] of cases)
    for (const order of orders) {
      const area = facets.reduce(
        (sum, f) => sum + Math.hypot(...order.map((from, to) => f[from] * scale[to])),
        0,
      );
      for (let flip = 0; flip < 8; flip++) {
        const at = (corner: Corner, to: 0 | 1 | 2) => corner[order[to]] ^ ((flip >> to) & 1);
        const code = corners.reduce((sum, p) => sum | bitOf([at(p, 0), at(p, 1), at(p, 2)]), 0);
        areas[code] = area;
        areas[255 - code] = area;
      }
    }
  return areas;
}

/**
 * The code of each cube of 2 × 2 × 2 voxels that holds a voxel of the volume, their centres being the voxels' corners:
 * one more than voxels along each axis. Beyond the volume nothing is set, so that what its edge cuts has a surface there.
 *
 * @param mask not 0 inside
 */
export function cubeCodes(mask: Uint8Array, [nx, ny, nz]: Vec3): { codes: Uint8Array; size: Vec3 } {
  const size: Vec3 = [nx + 1, ny + 1, nz + 1];
  const codes = new Uint8Array(size[0] * size[1] * size[2]);
  const row = (j: number, k: number) => (j >= 0 && j < ny && k >= 0 && k < nz ? nx * (j + ny * k) : -1);
  let n = 0;
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++) {
      const rows = [row(j - 1, k - 1), row(j, k - 1), row(j - 1, k), row(j, k)];
      const [r0, r1, r2, r3] = rows;
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
