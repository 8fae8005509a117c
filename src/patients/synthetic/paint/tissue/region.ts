import { affectedKidney, type Side } from "../../../../imaging/nephrometry/kidney/affectedKidney.ts";
import {
  boundingBox,
  boxSize,
  type Geometry,
  gridAround,
  indexMap,
  indexToPoint,
  type Vec3,
  type Volume,
} from "../../../../numerics/volume/index.ts";

export type { Side };

/** What is painted: a mask on its grid (axes along L, P, S), and what else the anatomy is known to hold. */
export interface Region {
  /** 1 kidney, 2 tumour, 3 cyst. */
  readonly mask: Volume<Uint8Array>;
  readonly side: Side;
  /** On the mask's grid: 1 strand of soft tissue in fat, 2 vein. Only a procedural phantom knows these. */
  readonly structures?: Uint8Array;
}

/** The grid of a painted region. */
export interface RegionOptions {
  /** Voxel size of the region, mm. Default 1. */
  readonly spacing?: number;
  /** Tissue around kidney and tumour, mm. Default 18. */
  readonly margin?: number;
  /** Longest edge of the region, mm. Default 240. */
  readonly maximum?: number;
}

/**
 * The region around the kidney that bears the largest tumour, the one nephrometry scores; nothing of the other kidney.
 * Labels are resampled by the vote of the eight voxels around each point, weighted as in linear interpolation.
 *
 * @throws E_MASK where the mask holds no kidney or no tumour
 */
export function paintingRegion(
  mask: Volume<Uint8Array>,
  { spacing = 1, margin = 18, maximum = 240 }: RegionOptions = {},
): Region {
  const kidney = affectedKidney(mask);
  const box = boundingBox(kidney.mask.data, kidney.mask.size)!;
  const middle = [0, 1, 2].map((a) => (box.start[a] + box.end[a] - 1) / 2) as unknown as Vec3;
  const size = boxSize(box).map((n, a) =>
    Math.ceil(Math.min(n * kidney.mask.spacing[a] + 2 * margin, maximum) / spacing),
  ) as unknown as Vec3;
  const grid = gridAround(indexToPoint(kidney.mask, middle), size, [spacing, spacing, spacing]);
  return { mask: { ...grid, data: voted(kidney.mask, grid) }, side: kidney.side };
}

/** Labels at the points of `grid`: the label with most weight among the eight voxels around. */
function voted(mask: Volume<Uint8Array>, grid: Geometry): Uint8Array<ArrayBuffer> {
  const { data, size } = mask;
  const [nx, ny, nz] = size;
  const { matrix: m, offset: o } = indexMap(grid, mask);
  const out = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  const votes = new Float64Array(256);
  for (let k = 0, n = 0; k < grid.size[2]; k++)
    for (let j = 0; j < grid.size[1]; j++)
      for (let i = 0; i < grid.size[0]; i++, n++) {
        const x = m[0] * i + m[1] * j + m[2] * k + o[0];
        const y = m[3] * i + m[4] * j + m[5] * k + o[1];
        const z = m[6] * i + m[7] * j + m[8] * k + o[2];
        const x0 = Math.floor(x);
        const y0 = Math.floor(y);
        const z0 = Math.floor(z);
        if (x0 < 0 || y0 < 0 || z0 < 0 || x0 + 1 >= nx || y0 + 1 >= ny || z0 + 1 >= nz) continue;
        const at = x0 + nx * (y0 + ny * z0);
        const up = nx * ny;
        const a = data[at];
        if (
          a === data[at + 1] &&
          a === data[at + nx] &&
          a === data[at + nx + 1] &&
          a === data[at + up] &&
          a === data[at + up + 1] &&
          a === data[at + up + nx] &&
          a === data[at + up + nx + 1]
        ) {
          out[n] = a;
          continue;
        }
        votes.fill(0, 0, 4);
        let best = 0;
        for (let c = 0; c < 8; c++) {
          const [u, v, w] = [c & 1, (c >> 1) & 1, c >> 2];
          const label = data[at + u + nx * v + up * w];
          votes[label] += (u ? x - x0 : 1 - x + x0) * (v ? y - y0 : 1 - y + y0) * (w ? z - z0 : 1 - z + z0);
          if (votes[label] > votes[best]) best = label;
        }
        out[n] = best;
      }
  return out;
}
