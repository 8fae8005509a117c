import { quantile } from "../../../../numerics/stats/index.ts";
import type { Volume } from "../../../../numerics/volume/index.ts";
import type { SlicePath } from "./slicePath.ts";

/** Columns looked along, mm left of the spine's middle: between the aorta's and the vena cava's places. */
const columns = [-12, 6] as const;
/** How far to the front the vertebra's body may end, mm; and where it has begun. */
const [begun, farthest] = [8, 60];
/** Slices averaged to each side, mm: discs between vertebrae and vessels that cross do not count. */
const side = 30;

/**
 * How far before the spine's path the vertebral bodies end, mm, in each slice: where the mean over neighbouring slices
 * falls to half of bone. Most columns see bone, then fat; some a vessel that lies on it, so that not the farthest counts.
 */
export function vertebralFront(
  { data, size: [nx, ny, nz], spacing }: Volume<Float32Array>,
  spine: SlicePath,
): number[] {
  const [x0, x1] = columns.map((mm) => Math.round(mm / spacing[0]));
  const [from, to] = [begun, farthest].map((mm) => Math.round(mm / spacing[1]));
  const reach = Math.round(side / spacing[2]);
  return Array.from({ length: nz }, (_, k) => {
    const fronts: number[] = [];
    for (let dx = x0; dx <= x1; dx++) {
      const profile = Array.from({ length: to - from + 1 }, (_, step) => {
        let [sum, n] = [0, 0];
        for (let s = Math.max(0, k - reach); s <= Math.min(nz - 1, k + reach); s++) {
          const [x, y] = [spine.x[s] + dx, spine.y[s] - from - step];
          if (x < 0 || y < 0 || x >= nx) continue;
          sum += data[x + nx * (y + ny * s)];
          n++;
        }
        return n > 0 ? sum / n : -1000;
      });
      const inside = profile.slice(0, Math.round(30 / spacing[1]));
      const brightest = inside.indexOf(Math.max(...inside));
      const end = profile.findIndex((hu, step) => step > brightest && hu < inside[brightest] / 2);
      fronts.push((from + (end < 0 ? profile.length : end)) * spacing[1]);
    }
    return quantile(fronts, 0.3);
  });
}
