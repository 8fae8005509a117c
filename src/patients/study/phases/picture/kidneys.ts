import { mean } from "../../../../numerics/stats/moments.ts";
import { croppedGeometry } from "../../../../numerics/volume/crop.ts";
import {
  type Box,
  boundingBox,
  boxSize,
  close,
  connectedComponents,
  crop,
  dilate,
  erode,
  fillHolesBySlice,
  grownBox,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../../numerics/volume/index.ts";
import { clippedBox } from "../../../../numerics/volume/shape/boundingBox.ts";
import type { SlicePath } from "./slicePath.ts";

/** Thresholds tried, HU. With contrast medium kidneys are brighter than what touches them, by how much differs. */
const thresholds = [180, 155, 135, 115, 95];
/** Where kidneys lie from the spine, mm: beside it, no farther out, in front and behind. */
const place = { beside: 26, out: 130, front: 105, back: 65 };
/** A kidney, cut or with a tumour included, mL and mm. */
const least = { ml: 30, mm: 28 };
const most = { ml: 1500, mm: 190 };
const through = 100;
/** How much darker what surrounds a kidney is, HU, on how much of its surface; and how much of that may be lung or gas. */
const darker = { by: 50, share: 0.7, air: 0.15 };
/** Bone is this bright on its surface; of a kidney only an opacified collecting system is, inside. */
const bone = { hu: 350, ofRim: 0.05, ofAll: 0.35 };
/** HU of parenchyma: no fat and urine, no opacified collecting system. */
const parenchyma = [40, 300] as const;

/**
 * Finds enhanced kidneys: beside the spine (anywhere, where that is not shown), compact and, at the threshold that shows
 * them whole, with something darker all around them. Without contrast medium there are none.
 * @param image axes along L, P, S, 2–4 mm apart
 * @returns the parenchyma (1) of one on each side, or of one
 */
export function enhancedKidneys(
  image: Volume<Float32Array>,
  spine: SlicePath | undefined,
): Volume<Uint8Array>[] {
  const region = spine && around(image, spine);
  const part = region ? crop(image, region) : image;
  const path = spine && region && shifted(spine, region);
  const best: Partial<Record<Side, Found>> = {};
  for (const threshold of thresholds)
    for (const found of candidates(part, path, threshold)) {
      const other = best[found.side];
      if (other === undefined || found.score > other.score) best[found.side] = found;
    }
  return Object.values(best).map(({ mask }) => mask);
}

type Side = "left" | "right" | "any";

interface Found {
  readonly side: Side;
  readonly mask: Volume<Uint8Array>;
  readonly score: number;
}

function candidates(image: Volume<Float32Array>, spine: SlicePath | undefined, threshold: number): Found[] {
  const { size, data } = image;
  const bright = where(data, (hu) => hu >= threshold);
  if (spine) keepBeside(bright, image, spine);
  const { labels, sizes } = connectedComponents(thinned(bright, size), size, 6);
  const ml = voxelVolumeMl(image);
  return sizes.slice(0, 5).flatMap((n, index) => {
    if (n * ml < least.ml / 3 || n * ml > most.ml) return [];
    return (
      kidneyOf(
        where(labels, (label) => label === index + 1),
        bright,
        image,
        spine,
      ) ?? []
    );
  });
}

/** Without the voxels that have a neighbour in their slice outside of the mask: parts what hangs together by a thread. */
function thinned(mask: Uint8Array, [nx]: Vec3): Uint8Array {
  const thin = new Uint8Array(mask.length);
  for (let n = nx; n < mask.length - nx; n++)
    thin[n] = mask[n] & mask[n - 1] & mask[n + 1] & mask[n - nx] & mask[n + nx];
  return thin;
}

/** 1 where a value is such. `Uint8Array.from` takes ten times as long. */
function where(values: Float32Array | Int32Array, is: (value: number) => boolean): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let n = 0; n < mask.length; n++) if (is(values[n])) mask[n] = 1;
  return mask;
}

/** Nothing but what lies where kidneys may. */
function keepBeside(mask: Uint8Array, { size: [nx, ny, nz], spacing }: Volume, { x, y }: SlicePath): void {
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const aside = Math.abs(i - x[k]) * spacing[0];
        const behind = (j - y[k]) * spacing[1];
        if (aside < place.beside || aside > place.out || behind < -place.front || behind > place.back)
          mask[n] = 0;
      }
}

/** The thinned piece as a kidney: grown again, closed, filled; undefined where it is not like one. */
function kidneyOf(
  piece: Uint8Array,
  bright: Uint8Array,
  image: Volume<Float32Array>,
  spine: SlicePath | undefined,
): Found | undefined {
  const { size, spacing, data } = image;
  const tight = boundingBox(piece, size)!;
  const [x, y, z] = boxSize(tight).map((n, a) => n * spacing[a]);
  if (Math.min(x, y, z) < least.mm || Math.max(x, y, z) > most.mm) return undefined;
  // Cut at a side: liver, spleen, bowel, table. Through all slices of a tall image: a spine at its edge.
  if ([0, 1].some((a) => tight.start[a] <= 1 || tight.end[a] >= size[a] - 1)) return undefined;
  if (tight.start[2] === 0 && tight.end[2] === size[2] && z > through) return undefined;
  const box = clippedBox(grownBox(tight, 12, spacing), size);
  const part = boxSize(box);
  const inBox = (source: Uint8Array): Uint8Array => crop({ ...image, data: source }, box).data;
  const [own, all] = [inBox(piece), inBox(bright)];
  const whole = dilate(own, part, spacing, Math.max(spacing[0], spacing[1])).map((v, n) => v & all[n]);
  const filled = fillHolesBySlice(close(whole, part, spacing, 5), part);
  const volume = filled.reduce((sum, v) => sum + v, 0) * voxelVolumeMl(image);
  if (volume < least.ml || volume > most.ml) return undefined;
  const hu = crop({ ...image, data }, box).data as Float32Array;
  const [near, far] = [3, 7].map((mm) => dilate(filled, part, spacing, mm));
  const inner = erode(filled, part, spacing, Math.max(...spacing));
  const inside = tally(hu, (v) => filled[v] === 1);
  const rim = tally(hu, (v) => filled[v] === 1 && inner[v] === 0);
  if (rim.above(bone.hu) > bone.ofRim || inside.above(bone.hu) > bone.ofAll) return undefined;
  const shell = tally(hu, (v) => far[v] === 1 && near[v] === 0);
  const dark = 1 - shell.above(inside.mean - darker.by);
  if (dark < darker.share || 1 - shell.above(-300) > darker.air) return undefined;
  const [low, high] = parenchyma;
  return {
    side: spine ? sideOf(tight, spine) : "any",
    mask: {
      ...croppedGeometry(image, box),
      data: filled.map((v, n) => (v && hu[n] > low && hu[n] < high ? 1 : 0)),
    },
    // Of two thresholds that show it whole, that which shows more of it.
    score: dark + 0.1 * Math.log(volume),
  };
}

/** Mean of some values, and the share of them above a limit. */
function tally(values: Float32Array, counts: (v: number) => boolean) {
  const own = values.filter((_, v) => counts(v));
  return {
    mean: mean(own),
    above: (limit: number) => own.reduce((n, value) => n + (value > limit ? 1 : 0), 0) / own.length,
  };
}

/** The part of the image where kidneys may lie. */
function around({ size, spacing }: Volume, { x, y }: SlicePath): Box {
  const voxels = (mm: number, axis: number) => Math.ceil((mm + 15) / spacing[axis]);
  return clippedBox(
    {
      start: [Math.min(...x) - voxels(place.out, 0), Math.min(...y) - voxels(place.front, 1), 0],
      end: [Math.max(...x) + voxels(place.out, 0), Math.max(...y) + voxels(place.back, 1), size[2]],
    },
    size,
  );
}

const shifted = ({ x, y }: SlicePath, { start }: Box): SlicePath => ({
  x: x.map((i) => i - start[0]),
  y: y.map((j) => j - start[1]),
});

const sideOf = ({ start, end }: Box, spine: SlicePath): "left" | "right" =>
  (start[0] + end[0]) / 2 > spine.x[Math.floor((start[2] + end[2]) / 2)] ? "left" : "right";
