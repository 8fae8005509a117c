import { affectedKidney } from "../../imaging/nephrometry/index.ts";
import { placed, type Region, type Registration } from "../../imaging/registration/index.ts";
import {
  boxSize,
  type Geometry,
  indexToPoint,
  resample,
  sameGeometry,
  type Vec3,
  type Volume,
} from "../../numerics/volume/index.ts";
import type { Phase } from "../cohort/case.ts";
import { type Alignment, notRegistered } from "./assembled.ts";
import type { Remark } from "./remark.ts";

/** HU of what lies outside an image. */
export const outside = -1024;

/** The ball around the affected kidney and its tumours, with 15 mm of what lies around: what breath moves as one. */
export function kidneyRegion(mask: Volume<Uint8Array>): Region {
  const { box } = affectedKidney(mask);
  const middle = box.start.map((s, a) => (s + box.end[a] - 1) / 2) as unknown as Vec3;
  const half = boxSize(box).map((n, a) => (n * mask.spacing[a]) / 2);
  return { center: indexToPoint(mask, middle), radiusMm: Math.max(...half) + 15 };
}

/** The image where it lies after a registration, or as scanned where that is not used. */
export const registered = <T extends Volume>(image: T, registration: Registration | undefined): T =>
  registration?.used ? { ...image, ...placed(image, registration.transform) } : image;

/** The image in whole HU on another grid, −1024 where it does not reach. */
export function onGrid(image: Volume, grid: Geometry): Volume<Int16Array> {
  const { size, spacing, origin, direction } = grid;
  const data = sameGeometry(image, grid, 1e-3)
    ? image.data
    : resample(image, grid, { fill: outside, antialias: true }).data;
  return { size, spacing, origin, direction, data: data instanceof Int16Array ? data : rounded(data) };
}

function rounded(data: Volume["data"]): Int16Array {
  const whole = new Int16Array(data.length);
  for (let v = 0; v < data.length; v++)
    whole[v] = Number.isFinite(data[v]) ? Math.round(Math.min(Math.max(data[v], -32768), 32767)) : outside;
  return whole;
}

export const alignmentOf = ({ transform, before, after, ...rest }: Registration): Alignment => ({
  ...rest,
  // JSON knows no NaN: nothing overlapped.
  before: Number.isNaN(before) ? 0 : before,
  after: Number.isNaN(after) ? 0 : after,
});

/** Warns of a phase that may lie off the reference. */
export const unregistered = (phase: Phase, alignment: Alignment | undefined): Remark[] =>
  alignment && notRegistered(alignment)
    ? [{ about: "registration", text: `${phase} phase not registered: ${alignment.remark}` }]
    : [];
