import { quantile } from "../../../../numerics/stats/index.ts";
import type { Volume } from "../../../../numerics/volume/index.ts";
import { type SlicePath, slicePath } from "./slicePath.ts";
import { vertebralFront } from "./vertebralFront.ts";

/** Where the aorta's centre lies from the spine's, mm to the left and to the front. */
const window = { left: [-22, 38], front: [8, 70] } as const;
/** Radius of the disc that must be evenly filled, and of the ring around it, mm. */
const radius = { disc: 7, ring: [13, 16.5] } as const;
/** The ring must be darker by so much, HU, on so much of it. */
const darker = { by: 25, share: 0.55 };
/** Before the vertebrae, mm, unless so far to the left of their middle that it lies beside them. */
const clear = { front: 5, left: 28 };
/** Slices that show a disc, of all; and how much of the body they reach, mm. */
const shown = { share: 0.4, mm: 30 };
/**
 * By what share of its distance from the wall's HU a whole vessel's mean, with wall and edges, lies below the brightest
 * discs in its middle. On 3D-IRCADb 17 the discs have 170 HU, the drawn artery 149; on a scan without contrast medium
 * 45 and 42 (docs/phases.md).
 */
const edges = { share: 0.15, wall: 30 };
/** Of the discs seen: above the fork of the aorta others of the path are darker vessels and muscle. */
const level = 0.7;

/**
 * HU of the aorta, as the mean over a drawn aorta has it: along the path before the spine and left of its middle of the
 * brightest even discs with something darker around them. Without contrast medium it may be another vessel or muscle, as
 * dark. Undefined where there is none such, or the spine is cut by the image's edge, so that the aorta may lie outside.
 * @param image axes along L, P, S, 2–4 mm apart
 */
export function aortaHu(image: Volume<Float32Array>, spine: SlicePath): number | undefined {
  const { data, size, spacing } = image;
  const [nx, ny, nz] = size;
  const middle = quantile(spine.x, 0.5) * spacing[0];
  if (Math.min(middle, (nx - 1) * spacing[0] - middle) < radius.disc) return undefined;
  const voxels = (mm: readonly [number, number], axis: number) =>
    mm.map((x) => Math.round(x / spacing[axis])) as [number, number];
  const [left, front] = [voxels(window.left, 0), voxels(window.front, 1)];
  const [wide, deep] = [left[1] - left[0] + 1, front[1] - front[0] + 1];
  const inDisc = within(spacing, 0, radius.disc);
  const inRing = within(spacing, ...radius.ring);
  const bone = vertebralFront(image, spine);
  const scores = new Float32Array(wide * deep * nz);
  const values = new Float32Array(scores.length);
  for (let k = 0, n = 0; k < nz; k++)
    for (let v = 0; v < deep; v++)
      for (let u = 0; u < wide; u++, n++) {
        const before = (front[1] - v) * spacing[1];
        if ((left[0] + u) * spacing[0] < clear.left && before < bone[k] + clear.front) continue;
        const [x, y] = [spine.x[k] + left[0] + u, spine.y[k] - front[1] + v];
        const hu = ([dx, dy]: Offset): number =>
          x + dx < 0 || y + dy < 0 || x + dx >= nx || y + dy >= ny
            ? Number.NaN
            : data[x + dx + nx * (y + dy + ny * k)];
        const disc = inDisc.map(hu).filter((value) => !Number.isNaN(value));
        if (disc.length < 0.8 * inDisc.length) continue;
        const mean = disc.reduce((sum, value) => sum + value, 0) / disc.length;
        const deviation = Math.sqrt(disc.reduce((sum, value) => sum + (value - mean) ** 2, 0) / disc.length);
        // Even and bright: calcium, bone and edges are uneven.
        const score = Math.min(mean, 400) - 2 * deviation;
        if (score <= 0) continue;
        const around = inRing.map(hu).filter((value) => !Number.isNaN(value));
        if (share(around, (value) => value < mean - darker.by) < darker.share) continue;
        [scores[n], values[n]] = [score, mean];
      }
  const path = slicePath(scores, [wide, deep, nz], Math.max(1, Math.round(spacing[2] / spacing[0])), 0.1);
  const seen = Array.from(path.x, (u, k) => u + wide * (path.y[k] + deep * k)).filter((n) => scores[n] > 0);
  if (seen.length < shown.share * nz || seen.length * spacing[2] < shown.mm) return undefined;
  const core = quantile(
    seen.map((n) => values[n]),
    level,
  );
  return core - edges.share * (core - edges.wall);
}

/** Voxels to the left and to the back. */
type Offset = readonly [number, number];

const share = (values: readonly number[], is: (value: number) => boolean): number =>
  values.length === 0 ? 0 : values.filter(is).length / values.length;

/** The voxels whose centre lies between two distances, mm. */
function within(spacing: Volume["spacing"], from: number, to: number): Offset[] {
  const found: Offset[] = [];
  const [rx, ry] = [0, 1].map((axis) => Math.floor(to / spacing[axis]));
  for (let dy = -ry; dy <= ry; dy++)
    for (let dx = -rx; dx <= rx; dx++) {
      const mm = Math.hypot(dx * spacing[0], dy * spacing[1]);
      if (mm >= from && mm <= to) found.push([dx, dy]);
    }
  return found;
}
