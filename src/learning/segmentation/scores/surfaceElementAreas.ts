import { axisOrders } from "../../../numerics/volume/axisOrders.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";

/** The bits of a cube's corners, named by the axes along which they are the farther one. */
const [o, j, k, jk, i, ij, ik, ijk] = [1, 2, 4, 8, 16, 32, 64, 128];

/** Facets as their area vectors for voxels of 1 mm, signs left out. */
const tip: Vec3 = [0.125, 0.125, 0.125];
const ridge: Vec3 = [0.5, 0.5, 0];
const flat: Vec3 = [1, 0, 0];
const hexagon: Vec3 = [0.75, 0.75, 0.75];
const bend: readonly Vec3[] = [
  [0.5, 0, 0],
  [0.375, 0.375, 0.375],
];
const twist: readonly Vec3[] = [
  [0.5, 0.5, 0.5],
  [0, 0.25, 0.25],
  [0.25, 0, 0.25],
];

/**
 * The cases of marching cubes with vertices half-way along the edges (Lorensen & Cline, Comput. Graph. 1987;21:163,
 * fig. 3): which corners are set, and the facets that part them from the others. All other cubes are these turned,
 * mirrored, or with set and unset exchanged. Corners that touch by a face's diagonal alone are kept apart.
 */
const cases: readonly (readonly [code: number, facets: readonly Vec3[]])[] = [
  [o, [tip]],
  [o | k, [ridge]],
  [o | jk, [tip, tip]],
  [o | ijk, [tip, tip]],
  [o | j | k, bend],
  [o | k | ij, [ridge, tip]],
  [o | jk | ij, [tip, tip, tip]],
  [o | j | k | jk, [flat]],
  [o | i | j | k, [hexagon]],
  [i | ij | jk | ijk, twist],
  [o | j | k | ijk, [...bend, tip]],
  [o | k | ij | ijk, [ridge, ridge]],
  [o | ij | jk | ik, [tip, tip, tip, tip]],
];

/**
 * Area of the surface, mm², within each of the 256 cubes of 2 × 2 × 2 voxels: as the tables of DeepMind's
 * surface-distance (Nikolov et al., arXiv 1809.04430), which these equal for any spacing.
 *
 * @param spacing mm along i, j, k
 * @returns by code, as `cubeCodes` has it
 */
export function surfaceElementAreas([a, b, c]: Vec3): Float64Array {
  const areas = new Float64Array(256);
  const scale = [b * c, a * c, a * b];
  for (const [code, facets] of cases)
    for (const turn of axisOrders) {
      const size = (facet: Vec3) => Math.hypot(...turn.map((from, to) => facet[from] * scale[to]));
      const area = facets.reduce((sum, facet) => sum + size(facet), 0);
      for (let mirror = 0; mirror < 8; mirror++) {
        const turned = moved(code, turn, mirror);
        areas[turned] = area;
        areas[255 - turned] = area;
      }
    }
  return areas;
}

/** The code of a cube after a turn, mirrored along the axes whose bit is set. */
function moved(code: number, turn: (typeof axisOrders)[number], mirror: number): number {
  let found = 0;
  for (let bit = 0; bit < 8; bit++) {
    if (((code >> bit) & 1) === 0) continue;
    const corner = [bit >> 2, bit & 1, (bit >> 1) & 1];
    const [x, y, z] = turn.map((from, to) => corner[from] ^ ((mirror >> to) & 1));
    found |= 1 << (4 * x + y + 2 * z);
  }
  return found;
}
