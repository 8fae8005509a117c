import { TrinephronError } from "../../../base/errors.ts";
import { free } from "../../../base/free.ts";
import { type Box, boundingBox, fillHoles, type Vec3, type Volume } from "../../../numerics/volume/index.ts";
import { gridTaps, gridZoom } from "../../../numerics/volume/resample/gridZoom.ts";
import { extentOf, gathered, gatheredFloats, joined, type Placement } from "../run/placement.ts";
import type { Prepared, RunOptions } from "../run/prepared.ts";
import { regionBox } from "../run/region.ts";
import { nnunetImportance } from "../window/importance.ts";
import { roundHalfEven } from "../window/roundHalfEven.ts";
import type { Extent } from "../window/tileModel.ts";
import { nnunetStarts, type TileWindow } from "../window/tiles.ts";
import type { NnunetPlan, Resampling } from "./nnunetPlan.ts";
import { normalize } from "./normalize.ts";

/**
 * Images as a trained nnU-Net reads them: transposed, cropped to what is not zero, normalised, resampled.
 *
 * @param images one a channel, on one grid
 * @throws E_GEOMETRY where the box lies outside the image, as `normalize`
 */
export function prepareNnunet(
  plan: NnunetPlan,
  images: readonly Volume[],
  { step = 0.5, box }: RunOptions = {},
): Prepared {
  const [{ size, spacing }] = images;
  const axes: Vec3 = [2 - plan.transpose[0], 2 - plan.transpose[1], 2 - plan.transpose[2]];
  const old: Vec3 = [spacing[axes[0]], spacing[axes[1]], spacing[axes[2]]];
  const target: Vec3 =
    plan.spacing.length === 3
      ? [plan.spacing[0], plan.spacing[1], plan.spacing[2]]
      : [old[0], plan.spacing[0], plan.spacing[1]];
  const patch: Extent =
    plan.patch.length === 3
      ? [plan.patch[0], plan.patch[1], plan.patch[2]]
      : [1, plan.patch[0], plan.patch[1]];
  // One tile, in voxels of the image.
  const covered = ([0, 1, 2] as const).map((a) => Math.ceil((patch[a] * target[a]) / old[a]));
  const least: Vec3 = [covered[axes.indexOf(0)], covered[axes.indexOf(1)], covered[axes.indexOf(2)]];
  const mask = nonzero(
    images,
    plan.channels.some(({ masked }) => masked),
  );
  const whole: Placement = { axes, box: boundingBox(mask, size) ?? { start: [0, 0, 0], end: size } };
  const place = box ? { axes, box: common(whole.box, regionBox(images[0], box, least)) } : whole;
  const extent = extentOf(place);
  const shape = extent.map((n, a) => Math.max(1, roundHalfEven((old[a] / target[a]) * n)));
  const resized: Extent = [shape[0], shape[1], shape[2]];
  const [depth, height, width] = extent;
  const zoom = { order: plan.data.order, separate: separateOf(plan.data, old, target) };
  const channels = images.map((image, c) => {
    const { scheme, masked, properties } = plan.channels[c];
    const counted = masked && scheme === "ZScoreNormalization";
    const voxels = (of: Placement) => ({
      data: gatheredFloats(image, of),
      mask: counted ? gathered({ data: mask, size }, of) : undefined,
    });
    const part = voxels(place);
    normalize(part, scheme, properties, box ? voxels(whole) : part);
    const zoomed = gridZoom(part.data, [width, height, depth], [resized[2], resized[1], resized[0]], zoom);
    if (zoomed !== part.data) free(part.data);
    return zoomed;
  });
  const back = separateOf(plan.logits, target, old);
  const taps = (a: 0 | 1 | 2) =>
    gridTaps(resized[a], extent[a], back && 2 - back.axis === a ? back.order : plan.logits.order);
  return {
    image: joined(channels),
    shape: [channels.length, ...resized],
    window: windowOf(plan, resized, patch, step),
    taps: [taps(0), taps(1), taps(2)],
    place,
  };
}

function windowOf(plan: NnunetPlan, [depth, height, width]: Extent, patch: Extent, step: number): TileWindow {
  const slices = Array.from({ length: depth }, (_, d) => d);
  return {
    patch,
    starts: [
      plan.patch.length === 2 ? slices : nnunetStarts(depth, patch[0], step),
      nnunetStarts(height, patch[1], step),
      nnunetStarts(width, patch[2], step),
    ],
    importance: nnunetImportance(patch),
  };
}

/** 1 where any channel is not 0, holes filled where they will count. */
function nonzero(images: readonly Volume[], fill: boolean): Uint8Array {
  const { size } = images[0];
  const mask = new Uint8Array(images[0].data.length);
  for (const { data } of images) for (let n = 0; n < mask.length; n++) if (data[n] !== 0) mask[n] = 1;
  return fill ? fillHoles(mask, size) : mask;
}

/** Slices this many times as thick as a voxel is wide are resampled each by itself (nnU-Net's ANISO_THRESHOLD). */
const anisotropy = 3;

/**
 * The axis that is resampled by itself (0 width, 1 height, 2 depth, as of a volume), if any: that of the thickest
 * slices, of the image or, where it is even, of the target; none where two axes are as thick.
 *
 * @param from mm along depth, height and width
 */
function separateOf({ separateZ, orderZ }: Resampling, from: Vec3, to: Vec3) {
  const uneven = (spacing: Vec3) => Math.max(...spacing) / Math.min(...spacing) > anisotropy;
  const spacing = separateZ === true || (separateZ === null && uneven(from)) ? from : to;
  if (separateZ === false || (separateZ === null && !uneven(spacing))) return undefined;
  const most = Math.max(...spacing);
  // Headers round: what differs by less is one thickness.
  const thick = ([0, 1, 2] as const).filter((a) => spacing[a] > most * (1 - 1e-5));
  return thick.length === 1 ? { axis: ([2, 1, 0] as const)[thick[0]], order: orderZ } : undefined;
}

/** @throws E_GEOMETRY where they share nothing */
function common(a: Box, b: Box): Box {
  const start = a.start.map((at, n) => Math.max(at, b.start[n]));
  const end = a.end.map((at, n) => Math.min(at, b.end[n]));
  if (start.some((at, n) => at >= end[n]))
    throw new TrinephronError("E_GEOMETRY", "the box lies where the image is empty", "give another box");
  return { start: [start[0], start[1], start[2]], end: [end[0], end[1], end[2]] };
}
