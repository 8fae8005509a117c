import { quantile } from "../../../../numerics/stats/index.ts";
import type { Volume } from "../../../../numerics/volume/index.ts";
import { type SlicePath, slicePath } from "./slicePath.ts";

/** A vertebra with its arch, mm across and deep. */
const vertebra = [40, 40] as const;
/** HU from which a voxel may be bone, and at which it is. Kidneys and vessels may reach them too: see `enough`. */
const bone = { from: 130, to: 250 };
/** Of a vertebra so much is bone; more gains nothing, so that a path through bone everywhere beats one through a kidney. */
const enough = 0.35;
/** What a bend costs: a detour through a kidney is not worth it. */
const bend = 0.08;
/** The least share of bone in a spine's slices, and in how many of them: in a whole cross-section pelvis and neck may follow. */
const least = { share: 0.12, whole: 0.5, part: 0.9 };

/**
 * The spine in each slice: the path through the body along which bone is never missing, not far in front and, where the
 * image holds the body's whole breadth, near its middle. Undefined where there is none.
 * @param image axes along L, P, S, 2–4 mm apart
 */
export function spinePath(image: Volume<Float32Array>): SlicePath | undefined {
  const { data, size, spacing } = image;
  const [nx, ny, nz] = size;
  const [halfX, halfY] = [0, 1].map((axis) => Math.round(vertebra[axis] / 2 / spacing[axis]));
  const { whole, place } = likelyPlace(image);
  const places = Float64Array.from({ length: nx * ny }, (_, n) => place(n % nx, Math.floor(n / nx)));
  const scores = new Float32Array(data.length);
  for (let k = 0; k < nz; k++) {
    const sums = boneSums(data.subarray(k * nx * ny, (k + 1) * nx * ny), nx, ny);
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const [x0, x1] = [Math.max(0, x - halfX), Math.min(nx, x + halfX + 1)];
        const [y0, y1] = [Math.max(0, y - halfY), Math.min(ny, y + halfY + 1)];
        const at = (u: number, v: number) => sums[u + (nx + 1) * v];
        const share = (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / ((x1 - x0) * (y1 - y0));
        // Among places of enough bone that in the middle of it.
        scores[x + nx * (y + ny * k)] = (Math.min(share, enough) + 0.1 * share) * places[x + nx * y];
      }
  }
  const path = slicePath(scores, size, Math.max(1, Math.round(spacing[2] / spacing[0])), bend);
  const along = Array.from(path.x, (x, k) => scores[x + nx * (path.y[k] + ny * k)]);
  return quantile(along, 1 - (whole ? least.whole : least.part)) > least.share ? path : undefined;
}

/** Summed-area table of how much each voxel is bone, one wider than the slice. */
function boneSums(slice: Float32Array, nx: number, ny: number): Float64Array {
  const sums = new Float64Array((nx + 1) * (ny + 1));
  for (let y = 0; y < ny; y++)
    for (let x = 0, row = 0; x < nx; x++) {
      const share = (slice[x + nx * y] - bone.from) / (bone.to - bone.from);
      row += Math.min(Math.max(share, 0), 1);
      sums[x + 1 + (nx + 1) * (y + 1)] = sums[x + 1 + (nx + 1) * y] + row;
    }
  return sums;
}

/** How likely the spine lies at a place of a slice, 0 … 1, from the body's outline. */
function likelyPlace({ data, size: [nx, ny, nz], spacing }: Volume<Float32Array>) {
  const columns = new Float64Array(nx);
  const rows = new Float64Array(ny);
  for (let k = 0, n = 0; k < nz; k++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, n++)
        if (data[n] > -300) {
          columns[x]++;
          rows[y]++;
        }
  const whole = [0, nx - 1].every((x) => columns[x] < 0.1 * ny * nz);
  const total = columns.reduce((sum, n) => sum + n, 0);
  const middle = columns.reduce((sum, n, x) => sum + n * x, 0) / total;
  const widest = Math.max(...rows);
  const back = rows.findLastIndex((n) => n > 0.25 * widest);
  const place = (x: number, y: number): number => {
    const aside = whole ? Math.exp(-(((x - middle) * spacing[0]) ** 2) / (2 * 40 ** 2)) : 1;
    return aside / (1 + Math.exp(((back - y) * spacing[1] - 130) / 12));
  };
  return { whole, place };
}
