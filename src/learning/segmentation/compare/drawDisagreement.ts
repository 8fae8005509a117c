import { encode } from "fast-png";
import { loops } from "../../../imaging/nephrometry/figure/loops.ts";
import { quantile } from "../../../numerics/stats/index.ts";
import {
  type Box,
  boundingBox,
  boxSize,
  crop,
  grownBox,
  reorient,
  type Volume,
  type VoxelArray,
} from "../../../numerics/volume/index.ts";
import { clippedBox } from "../../../numerics/volume/shape/boundingBox.ts";
import type { ScoredClass } from "../scores/classes.ts";
import type { OverlapPicture } from "./overlapResults.ts";

/** What is shown around both outlines, mm. */
const marginMm = 15;
/** W 400, L 100: between fat and the cortex of an early phase. */
const kidneyWindow = [-100, 300] as const;
/** No image but CT has values as low as this: air. */
const airHu = -500;

/**
 * The axial slice on which a class's two outlines disagree most, seen from the feet, the patient's right on the left.
 *
 * @param image on the grid of the labels; without it the outlines lie over the reference's labels
 * @returns undefined where both masks are empty
 */
export function drawDisagreement(
  reference: Volume<Uint8Array>,
  predicted: Volume<Uint8Array>,
  { labels }: Pick<ScoredClass, "labels">,
  image?: Volume,
): Omit<OverlapPicture, "case" | "class" | "dice"> | undefined {
  const wanted = Uint8Array.from({ length: 256 }, (_, label) => (labels.includes(label) ? 1 : 0));
  const either = reference.data.map((label, n) => wanted[label] | wanted[predicted.data[n]]);
  const tight = boundingBox(either, reference.size);
  if (!tight) return undefined;
  const box = clippedBox(grownBox(tight, marginMm, reference.spacing), reference.size);
  const upright = <T extends VoxelArray>(volume: Volume<T>) => reorient(crop(volume, box));
  const [a, b] = [upright(reference), upright(predicted)];
  const slice = sliceOfMostDisagreement(a, b, wanted);
  const [own, other] = [a, b].map((volume) => crop(volume, slice).data.map((label) => wanted[label]));
  const gray = image ? grayOf(image.data) : grayOfLabels(a.data);
  const pixels = Uint8Array.from(crop<VoxelArray>(image ? upright(image) : a, slice).data, gray);
  const [width, height] = boxSize(slice);
  const { spacing } = a;
  const step = [spacing[0], spacing[1]] as const;
  const outline = (mask: Uint8Array) =>
    loops((x, y) => mask[x + width * y] !== 0, width, height, step).map((loop) =>
      loop.map((mm) => Math.round(100 * mm) / 100),
    );
  const png = encode({ width, height, data: pixels, channels: 1 });
  return {
    widthMm: width * step[0],
    heightMm: height * step[1],
    disagreementMm2: own.reduce((sum, value, n) => sum + (value ^ other[n]), 0) * step[0] * step[1],
    over: image ? "image" : "labels",
    image: `data:image/png;base64,${Buffer.from(png).toString("base64")}`,
    reference: outline(own),
    predicted: outline(other),
  };
}

/** The slice k with most voxels in one mask alone, or else most in both: what lies around its outlines. */
function sliceOfMostDisagreement(a: Volume<Uint8Array>, b: Volume<Uint8Array>, wanted: Uint8Array): Box {
  const { size, spacing } = a;
  const area = size[0] * size[1];
  let best = { k: 0, apart: -1, any: -1 };
  for (let k = 0; k < size[2]; k++) {
    let [apart, any] = [0, 0];
    for (let n = k * area; n < (k + 1) * area; n++) {
      const [p, q] = [wanted[a.data[n]], wanted[b.data[n]]];
      apart += p ^ q;
      any += p | q;
    }
    if (apart > best.apart || (apart === best.apart && any > best.any)) best = { k, apart, any };
  }
  const from = best.k * area;
  const either = a.data
    .subarray(from, from + area)
    .map((label, n) => wanted[label] | wanted[b.data[from + n]]);
  const flat = grownBox(boundingBox(either, [size[0], size[1], 1])!, marginMm, spacing);
  const { start, end } = clippedBox(flat, [size[0], size[1], 1]);
  return { start: [start[0], start[1], best.k], end: [end[0], end[1], best.k + 1] };
}

/** CT at the kidney window; of other images all but the brightest and darkest hundredth. */
function grayOf(data: Volume["data"]): (value: number) => number {
  const some = Float64Array.from(
    { length: Math.min(data.length, 100_000) },
    (_, n) => data[Math.floor((n * data.length) / Math.min(data.length, 100_000))],
  ).filter(Number.isFinite);
  const isCt = some.some((value) => value < airHu);
  const [low, high] = isCt || some.length === 0 ? kidneyWindow : [quantile(some, 0.01), quantile(some, 0.99)];
  return (value) =>
    Math.round((255 * Math.min(Math.max(value - low, 0), high - low)) / (high - low || 1)) || 0;
}

/** Labels apart from each other and from the black around them. */
function grayOfLabels(data: Uint8Array): (label: number) => number {
  const most = data.reduce((greatest, label) => Math.max(greatest, label), 1);
  return (label) => (label === 0 ? 0 : 40 + Math.round((140 * label) / most));
}
