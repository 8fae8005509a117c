import type { Geometry, Vec3 } from "../../../../numerics/volume/volume.ts";
import { drawAbdomen, planAbdomen } from "../../../../patients/synthetic/abdomen/abdomen.ts";
import type { DrawnCase } from "../../dataset/dataset.ts";
import { described, type PreparedCase } from "../prepare/described.ts";
import type { SegmentSettings } from "../segmentSettings.ts";
import { drawnGrid } from "./drawnGrid.ts";

/**
 * A simulated scan as patches are cut from it, in HU.
 * @param spacing mm along D, H, W
 * @param labels how many: 3, or 1 where lesions are part of the kidney
 */
export function drawCase(
  c: DrawnCase,
  drawn: SegmentSettings["drawn"],
  spacing: Vec3,
  labels: number,
): PreparedCase {
  const { wide, finer, lesions } = drawn;
  const grid = drawnGrid(c.seed, planAbdomen(c.seed, { wide }), spacing, drawn);
  const scan = drawAbdomen(c.seed, divided(grid, finer), { wide });
  const classes =
    lesions === "kidney" ? scan.labels.data.map((label) => Math.min(label, 1)) : scan.labels.data;
  const [width, height, depth] = grid.size;
  return described(
    {
      case: c.case,
      size: [depth, height, width],
      images: [finer === 1 ? scan.image.data : means(scan.image.data, grid.size, finer)],
      classes: finer === 1 ? classes : commonest(classes, grid.size, finer),
    },
    labels,
  );
}

/** The same field of view in voxels smaller by a whole factor. */
function divided({ size, spacing, origin, direction }: Geometry, by: number): Geometry {
  const small: Vec3 = [spacing[0] / by, spacing[1] / by, spacing[2] / by];
  const first = (a: number) => origin[a] - ((by - 1) / 2) * small[a];
  return {
    size: [size[0] * by, size[1] * by, size[2] * by],
    spacing: small,
    origin: [first(0), first(1), first(2)],
    direction,
  };
}

/** Calls `visit` with the place of each voxel of a grid and of those of `by`³ smaller ones that it holds. */
function blocks([nx, ny, nz]: Vec3, by: number, visit: (n: number, inside: Int32Array) => void): void {
  const inside = new Int32Array(by ** 3);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        let at = 0;
        for (let c = k * by; c < (k + 1) * by; c++)
          for (let b = j * by; b < (j + 1) * by; b++)
            for (let a = i * by; a < (i + 1) * by; a++) inside[at++] = a + nx * by * (b + ny * by * c);
        visit(n, inside);
      }
}

function means(data: Int16Array, size: Vec3, by: number): Int16Array {
  const result = new Int16Array(size[0] * size[1] * size[2]);
  blocks(size, by, (n, inside) => {
    let sum = 0;
    for (const at of inside) sum += data[at];
    result[n] = Math.round(sum / inside.length);
  });
  return result;
}

/** The label of most of a voxel; of several as common the last, so that what is small is kept. */
function commonest(data: Uint8Array, size: Vec3, by: number): Uint8Array {
  const result = new Uint8Array(size[0] * size[1] * size[2]);
  const counts = new Uint16Array(4);
  blocks(size, by, (n, inside) => {
    counts.fill(0);
    for (const at of inside) counts[data[at]]++;
    for (let label = 1; label < counts.length; label++)
      if (counts[label] >= counts[result[n]]) result[n] = label;
  });
  return result;
}
