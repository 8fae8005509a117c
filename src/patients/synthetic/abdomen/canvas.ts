import { derivedSeed } from "../../../base/random.ts";
import type { Geometry, Vec3 } from "../../../numerics/volume/index.ts";
import type { Shape } from "./shapes.ts";
import { spaceField } from "./spaceField.ts";
import { toPatient, warpSeed, warps } from "./warp.ts";

/** What a voxel belongs to: for tests, debugging and what may be painted over what. */
export const organs = [
  "outside",
  "lung",
  "fat",
  "skin",
  "muscle",
  "visceral fat",
  "bone",
  "disc",
  "spinal canal",
  "heart",
  "liver",
  "gallbladder",
  "spleen",
  "pancreas",
  "stomach",
  "bowel",
  "adrenal",
  "artery",
  "vein",
  "lymph node",
  "bladder",
  "pelvic organ",
  "ureter",
  "perirenal fat",
  "kidney",
  "renal sinus",
  "tumour",
  "cyst",
  "device",
  "table",
  "arm",
] as const;
/** One of {@link organs}. */
export type Organ = (typeof organs)[number];

/** The code of each organ in an organ map. */
export const organCode = Object.fromEntries(organs.map((organ, code) => [organ, code])) as Readonly<
  Record<Organ, number>
>;

/** How a shape is filled. */
export interface Fill {
  readonly organ: Organ;
  /** HU, the same everywhere or of a voxel `n` at a place of the body, `distance` mm from the surface (below 0). */
  readonly hu: number | ((n: number, x: number, y: number, z: number, distance: number) => number);
  /** 1 kidney, 2 tumour, 3 cyst. Default 0. */
  readonly label?: number;
  /** Only over these; default: over all. */
  readonly over?: readonly Organ[];
}

/**
 * A grid being painted. Shapes are given in the body's own millimetres (x left, y back, z head, 0 in the middle of the
 * second lumbar vertebra); each voxel knows its place there, which smooth displacements have moved. A later shape
 * covers an earlier one, by the share of the voxel that it fills: partial volume.
 */
export class Canvas {
  readonly grid: Geometry;
  readonly count: number;
  readonly hu: Float32Array;
  readonly organ: Uint8Array;
  readonly label: Uint8Array;
  /** Place in the body, mm. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  /** Distance from the inner surface of the trunk's wall, mm: below 0 in the cavity. */
  readonly cavity: Float32Array;
  /** Over how many mm an edge runs through a voxel. */
  readonly soft: number;
  readonly #seed: number;
  readonly #fields = new Map<string, Float32Array>();

  /** @param grid axes along L, P, S */
  constructor(grid: Geometry, seed: number) {
    this.grid = grid;
    this.#seed = seed;
    this.count = grid.size[0] * grid.size[1] * grid.size[2];
    this.hu = new Float32Array(this.count);
    this.organ = new Uint8Array(this.count);
    this.label = new Uint8Array(this.count);
    this.cavity = new Float32Array(this.count);
    this.soft = Math.max((grid.spacing[0] + grid.spacing[1]) / 2, 0.4);
    [this.x, this.y, this.z] = [0, 1, 2].map((axis) => this.#warped(axis));
  }

  #warped(axis: number): Float32Array {
    const { size, spacing, origin } = this.grid;
    const place = new Float32Array(this.count);
    for (const [amplitude, cell] of warps) {
      const field = spaceField(this.grid, cell, warpSeed(this.#seed, axis, cell));
      for (let n = 0; n < place.length; n++) place[n] += amplitude * field[n];
    }
    const [nx, ny, nz] = size;
    for (let k = 0, n = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++, n++)
          place[n] += origin[axis] + (axis === 0 ? i : axis === 1 ? j : k) * spacing[axis];
    return place;
  }

  /** A random field of this patient that varies over about `cell` mm, mean 0 and SD 1; the same name, the same field. */
  field(cell: number, name = ""): Float32Array {
    const key = `${cell} ${name}`;
    const known = this.#fields.get(key);
    if (known) return known;
    const field = spaceField(this.grid, cell, derivedSeed(this.#seed, "field", key));
    this.#fields.set(key, field);
    return field;
  }

  /** First and last voxel (exclusive) of a box of the body along each axis; undefined where it lies off the grid. */
  voxelsOf(center: Vec3, half: Vec3): { from: Vec3; to: Vec3 } | undefined {
    const middle = toPatient(this.#seed, center);
    const { size, spacing, origin } = this.grid;
    // Displacements differ across a box by at most about a quarter of its reach.
    const slack = Math.min(0.25 * Math.max(...half), 14) + 2 + this.soft;
    const from: number[] = [];
    const to: number[] = [];
    for (let a = 0; a < 3; a++) {
      const reach = half[a] + slack;
      from.push(Math.max(Math.floor((middle[a] - reach - origin[a]) / spacing[a]), 0));
      to.push(Math.min(Math.ceil((middle[a] + reach - origin[a]) / spacing[a]) + 1, size[a]));
      if (from[a] >= to[a]) return undefined;
    }
    return { from: from as unknown as Vec3, to: to as unknown as Vec3 };
  }

  /** Calls `visit` for each voxel around a box of the body. */
  visit(center: Vec3, half: Vec3, visit: (n: number, x: number, y: number, z: number) => void): void {
    const range = this.voxelsOf(center, half);
    if (!range) return;
    const { from, to } = range;
    const [nx, ny] = this.grid.size;
    for (let k = from[2]; k < to[2]; k++)
      for (let j = from[1]; j < to[1]; j++)
        for (let i = from[0], n = i + nx * (j + ny * k); i < to[0]; i++, n++)
          visit(n, this.x[n], this.y[n], this.z[n]);
  }

  /** Covers a voxel by a share of 0 to 1; it belongs to what fills half of it. */
  cover(n: number, share: number, hu: number, organ: number, label = 0): void {
    this.hu[n] += share * (hu - this.hu[n]);
    if (share > 0.5) {
      this.organ[n] = organ;
      this.label[n] = label;
    }
  }

  /** The share of a voxel that lies within a surface `distance` mm away. */
  share(distance: number): number {
    return Math.min(Math.max(0.5 - distance / this.soft, 0), 1);
  }

  paint(shape: Shape | readonly Shape[], { organ, hu, label = 0, over }: Fill): void {
    if (!("distance" in shape)) {
      for (const part of shape) this.paint(part, { organ, hu, label, ...(over && { over }) });
      return;
    }
    const code = organCode[organ];
    const allowed = over && new Uint8Array(organs.length);
    for (const name of over ?? []) allowed![organCode[name]] = 1;
    const range = this.voxelsOf(shape.center, shape.half);
    if (!range) return;
    const { from, to } = range;
    const [nx, ny] = this.grid.size;
    for (let k = from[2]; k < to[2]; k++)
      for (let j = from[1]; j < to[1]; j++)
        for (let i = from[0], n = i + nx * (j + ny * k); i < to[0]; i++, n++) {
          // Before anything is computed: most of what lies in the way of bowel and vessels may not be covered.
          if (allowed && allowed[this.organ[n]] === 0) continue;
          const distance = shape.distance(this.x[n], this.y[n], this.z[n], n);
          const share = this.share(distance);
          if (share <= 0) continue;
          const value = typeof hu === "number" ? hu : hu(n, this.x[n], this.y[n], this.z[n], distance);
          this.hu[n] += share * (value - this.hu[n]);
          if (share > 0.5) {
            this.organ[n] = code;
            this.label[n] = label;
          }
        }
  }
}
