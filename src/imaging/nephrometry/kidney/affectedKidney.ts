import { TrinephronError } from "../../../base/errors.ts";
import {
  type Box,
  boundingBox,
  connectedComponents,
  crop,
  distanceTransform,
  gridDifference,
  grownBox,
  indexToPoint,
  reorient,
  sameGeometry,
  type Vec3,
  type Volume,
  type VoxelArray,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import { closestAxes } from "../../../numerics/volume/resample/reorient.ts";
import { clippedBox } from "../../../numerics/volume/shape/boundingBox.ts";
import { type CleanLabels, cleanLabels } from "./cleanLabels.ts";
import { lateralCut } from "./lateralCut.ts";

/** The patient's side. */
export type Side = "left" | "right";

/** A kidney that bears at least one tumour. */
export interface AffectedKidney {
  /** The patient's side. */
  readonly side: Side;
  /** `image`: there is no other kidney, so the side is told by the image's middle. */
  readonly sideFrom: "kidneys" | "image";
  /** Both kidneys were one piece (a horseshoe, a tumour that reaches both) and were parted. */
  readonly joined: boolean;
  /** Voxels, in the indices of the mask as given, that hold the kidney, its cysts and its tumours. */
  readonly box: Box;
  /**
   * What lies in that box and one voxel around it, i to L, j to P, k to S: 1 kidney, 2 tumour (all of this kidney's),
   * 3 cyst, 0 all else. Nothing of the other kidney.
   */
  readonly mask: Volume<Uint8Array>;
  /** On that grid, 1 where kidney or cyst. */
  readonly kidney: Uint8Array;
  /** On that grid, 1 where the largest tumour. */
  readonly tumor: Uint8Array;
  /** On that grid, labels 4 (renal sinus) and 5 (collecting system) of the mask, where it has any. */
  readonly drawnSinus?: Uint8Array;
  /** The CT on that grid, HU, where one was given. */
  readonly ct?: VoxelArray;
  /** This kidney's tumours apart from each other, largest first; `tumors[0]` is `tumor`. */
  readonly tumors: readonly Uint8Array[];
  /** What was filled in the mask as given, or taken away from it ({@link cleanLabels}). */
  readonly remarks: readonly string[];
}

/** What may be known beside the mask. */
export interface Given {
  /** CT, HU, on the grid of the mask. */
  readonly ct?: Volume | undefined;
  /** The mask went through {@link cleanLabels}; else it is cleaned here. */
  readonly clean?: CleanLabels | undefined;
  /** What else must be known of the mask, to be said among the caveats. */
  readonly remarks?: readonly string[] | undefined;
}

/** A piece of kidney smaller than this, mL, is no kidney: a speck of the segmentation. */
const kidneyMl = 5;
/** A tumour whose mask touches no kidney belongs to one this near, mm: the gap between two drawn outlines. */
const gapMm = 10;

/**
 * The kidney that bears the largest tumour, and that tumour.
 *
 * The mask is cleaned first ({@link cleanLabels}). Kidneys are the 26-connected components of kidney, cyst and tumour
 * with at least 5 mL of kidney. Where both kidneys
 * are one such component (a horseshoe, a tumour that reaches both), they are parted by {@link lateralCut}.
 * A tumour is a 26-connected component of label 2 of at least 0.05 mL; it belongs to the kidney it is connected to,
 * else to the nearest one within 10 mm. The side is read from the other kidney's place where there is one,
 * else from the middle of the image. Labels 4 and 5 are the sinus and the collecting system as drawn; to everything else they are background, as are
 * labels above 5.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst, perhaps 4 sinus, 5 collecting system; any orientation
 * @throws E_MASK where the mask is empty, has no kidney or no tumour, or its tumours lie apart from any kidney
 * @throws E_GEOMETRY where a CT does not lie on the mask's grid, E_VALUE where it is not a number around the kidney
 */
export const affectedKidney = (mask: Volume<Uint8Array>, given?: Given): AffectedKidney =>
  affectedKidneys(mask, given)[0];

/** Every kidney that bears a tumour, the one with the largest tumour first. @throws E_MASK as {@link affectedKidney} */
export function affectedKidneys(given: Volume<Uint8Array>, { ct, clean }: Given = {}): AffectedKidney[] {
  const { mask, remarks } = clean ?? cleanLabels(given);
  if (ct && !sameGeometry(ct, mask))
    throw new TrinephronError(
      "E_GEOMETRY",
      `the CT is not on the mask's grid: ${gridDifference(ct, mask)}`,
      "resample one to the other",
    );
  const whole = boundingBox(mask.data, mask.size);
  if (!whole) throw new TrinephronError("E_MASK", "the mask is empty", hint);
  const start = grownBox(whole, 1, [1, 1, 1]).start;
  const lps = reorient(crop(mask, grownBox(whole, 1, [1, 1, 1])));
  const beside = ct && reorient(crop(ct, grownBox(whole, 1, [1, 1, 1])));
  const { data, size } = lps;
  const drawn = withoutHigherLabels(data);
  const voxelMl = voxelVolumeMl(lps);

  const { organ, kidneys, joined } = organs(lps, voxelMl);
  if (kidneys.length === 0)
    throw new TrinephronError("E_MASK", `the mask holds no kidney (label 1) of ${kidneyMl} mL or more`, hint);

  const tumors = connectedComponents(
    data.map((v) => (v === 2 ? 1 : 0)),
    size,
  );
  if (tumors.sizes.length === 0)
    throw new TrinephronError("E_MASK", "the mask holds no tumour (label 2)", hint);
  const owner = owners(tumors.labels, tumors.sizes.length, organ, lps);
  if (owner.every((o) => o === 0))
    throw new TrinephronError(
      "E_MASK",
      `the tumour lies more than ${gapMm} mm apart from any kidney`,
      "check that kidney (1) and tumour (2) were drawn on the same image",
    );

  const middle = (size[0] - 1) / 2;
  const inImage = middleOf(mask, lps);
  return [...new Set(owner.filter((o) => o > 0))].map((o) => {
    const self = kidneys.find((kidney) => kidney.organ === o)!;
    const others = kidneys.filter((kidney) => kidney !== self);
    const opposite = others.length > 0 ? others[0].i : (inImage ?? middle);
    const side = self.i > opposite ? "left" : "right";
    const kidney = cutOut(mask, lps, start, organ, o, tumors.labels, owner, side);
    const at = (data: VoxelArray) => crop({ ...lps, data }, kidney.around).data;
    const around = beside && numbers(at(beside.data));
    return {
      ...kidney.affected,
      sideFrom: others.length > 0 ? "kidneys" : "image",
      joined,
      remarks,
      ...(drawn && { drawnSinus: at(drawn) as Uint8Array }),
      ...(around && { ct: around }),
    };
  });
}

/** @throws E_VALUE for a CT without a number where the sinus is sought: neither fat nor not */
function numbers(ct: VoxelArray): VoxelArray {
  let without = 0;
  for (let n = 0; n < ct.length; n++) if (!Number.isFinite(ct[n])) without++;
  if (without === 0) return ct;
  throw new TrinephronError(
    "E_VALUE",
    `the CT is not a number in ${without} voxels around the kidney`,
    "export or register the image again",
  );
}

/** Clears labels above 3 and returns where 4 and 5 were, if anywhere. */
function withoutHigherLabels(data: Uint8Array): Uint8Array | undefined {
  let drawn: Uint8Array | undefined;
  for (let n = 0; n < data.length; n++) {
    if (data[n] <= 3) continue;
    if (data[n] <= 5) {
      drawn ??= new Uint8Array(data.length);
      drawn[n] = data[n];
    }
    data[n] = 0;
  }
  return drawn;
}

const hint = "expected labels: 1 kidney, 2 tumour, 3 cyst";

interface Organ {
  /** Its number in the map of organs. */
  readonly organ: number;
  /** Mean index i of its kidney voxels. */
  readonly i: number;
  readonly ml: number;
}

/** Numbers the kidneys: 0 in the map is background or a piece without kidney. Largest kidney first. */
function organs(
  lps: Volume<Uint8Array>,
  voxelMl: number,
): { organ: Uint8Array; kidneys: Organ[]; joined: boolean } {
  const { data, size } = lps;
  const { labels, sizes } = connectedComponents(data, size);
  const kidneyVoxels = new Float64Array(sizes.length + 1);
  for (let n = 0; n < data.length; n++) if (data[n] === 1) kidneyVoxels[labels[n]]++;
  const large = sizes
    .map((_, c) => c + 1)
    .filter((c) => kidneyVoxels[c] * voxelMl >= kidneyMl)
    .slice(0, 100);
  const organ = new Uint8Array(data.length);
  const numbers = new Uint8Array(sizes.length + 1);
  for (const [m, c] of large.entries()) numbers[c] = m + 1;
  for (let n = 0; n < data.length; n++) organ[n] = numbers[labels[n]];

  let last = large.length;
  if (large.length === 1) {
    const cut = lateralCut(lps, 1, organ);
    if (cut !== undefined) {
      last++;
      for (let n = 0; n < data.length; n++) if (organ[n] === 1 && n % size[0] >= cut) organ[n] = last;
    }
  }
  const sum = new Float64Array(last + 1);
  const count = new Float64Array(last + 1);
  for (let n = 0; n < data.length; n++)
    if (data[n] === 1) {
      sum[organ[n]] += n % size[0];
      count[organ[n]]++;
    }
  const kidneys = Array.from({ length: last }, (_, m) => ({
    organ: m + 1,
    i: sum[m + 1] / count[m + 1],
    ml: count[m + 1] * voxelMl,
  }));
  return { organ, kidneys: kidneys.sort((a, b) => b.ml - a.ml), joined: last > large.length };
}

/** For each counted tumour the organ that holds most of it, else the nearest within reach, else 0. */
function owners(
  tumorLabels: Int32Array,
  counted: number,
  organ: Uint8Array,
  { data, size, spacing }: Volume<Uint8Array>,
): number[] {
  const votes = Array.from({ length: counted }, () => new Float64Array(256));
  for (let n = 0; n < data.length; n++) {
    const t = tumorLabels[n];
    if (t > 0 && t <= counted) votes[t - 1][organ[n]]++;
  }
  return votes.map((vote, t) => {
    const own = vote.subarray(1).reduce((best, n, o) => (n > vote[best] ? o + 1 : best), 1);
    if (vote[own] > 0) return own;
    const tumor = maskOf(tumorLabels, t + 1);
    const distance = distanceTransform(tumor, size, spacing);
    let nearest = gapMm;
    let found = 0;
    for (let n = 0; n < data.length; n++)
      if (data[n] === 1 && organ[n] > 0 && distance[n] <= nearest) {
        nearest = distance[n];
        found = organ[n];
      }
    return found;
  });
}

/** Index i, in the cropped LPS grid, of the middle of the image as given: where the spine is, more or less. */
function middleOf(mask: Volume<Uint8Array>, lps: Volume<Uint8Array>): number {
  const { axes } = closestAxes(mask);
  const center = indexToPoint(mask, [(mask.size[0] - 1) / 2, (mask.size[1] - 1) / 2, (mask.size[2] - 1) / 2]);
  const along = lps.direction[0];
  const offset = center.reduce((sum, x, a) => sum + (x - lps.origin[a]) * along[a], 0);
  return offset / mask.spacing[axes[0]];
}

function cutOut(
  given: Volume<Uint8Array>,
  lps: Volume<Uint8Array>,
  start: Vec3,
  organ: Uint8Array,
  number: number,
  tumorLabels: Int32Array,
  owner: readonly number[],
  side: Side,
): { readonly affected: Omit<AffectedKidney, "sideFrom" | "joined" | "remarks">; readonly around: Box } {
  const { data, size } = lps;
  const own = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) {
    const t = tumorLabels[n];
    const mine = t > 0 && t <= owner.length ? owner[t - 1] === number : organ[n] === number;
    if (mine) own[n] = data[n];
  }
  const tight = boundingBox(own, size)!;
  const around = grownBox(tight, 1, [1, 1, 1]);
  const mask = crop({ ...lps, data: own }, around);
  const labels = crop({ ...lps, data: tumorLabels }, around).data;
  const tumors = owner.flatMap((o, t) => (o === number ? [maskOf(labels, t + 1)] : []));
  const kidney = mask.data.map((v) => (v === 1 || v === 3 ? 1 : 0));
  const box = boxAsGiven(given, size, start, tight);
  return { affected: { side, box, mask, kidney, tumor: tumors[0], tumors }, around };
}

function maskOf(labels: Int32Array, label: number): Uint8Array {
  const mask = new Uint8Array(labels.length);
  for (let n = 0; n < labels.length; n++) if (labels[n] === label) mask[n] = 1;
  return mask;
}

/** A box of the reoriented crop, in the indices of the mask as given. */
function boxAsGiven(given: Volume<Uint8Array>, lpsSize: Vec3, cropStart: Vec3, box: Box): Box {
  const { axes, flipped } = closestAxes(given);
  const start = [0, 0, 0];
  const end = [0, 0, 0];
  for (const [d, a] of axes.entries()) {
    const [from, to] = flipped[d]
      ? [lpsSize[d] - box.end[d], lpsSize[d] - box.start[d]]
      : [box.start[d], box.end[d]];
    start[a] = cropStart[a] + from;
    end[a] = cropStart[a] + to;
  }
  const asVec3 = ([i, j, k]: number[]): Vec3 => [i, j, k];
  return clippedBox({ start: asVec3(start), end: asVec3(end) }, given.size);
}
