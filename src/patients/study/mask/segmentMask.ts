import { TrinephronError } from "../../../base/errors.ts";
import type { Segmentation } from "../../../imaging/formats/dicom/read.ts";
import { usualDistance } from "../../../imaging/formats/dicom/regions/depthGroups.ts";
import { cross } from "../../../numerics/volume/vector.ts";
import { filledMask } from "./filledMask.ts";
import { framesOnSlices, type MaskFrame } from "./framesOnSlices.ts";
import type { RegionMask } from "./region.ts";
import { depthOf, type Places, parallel, placesOf, type ScannedStack, stacksOf } from "./scannedStack.ts";

/**
 * A segment's mask: on the segmentation's own grid where its frames lie on an even one, filled where slices are missing;
 * else on the grid of a stack whose slices its frames lie on.
 *
 * @param stacks the study's, that of the reference first
 * @throws E_GEOMETRY where its frames lie on neither, and as `Segmentation.mask`
 */
export async function segmentMask(
  segmentation: Segmentation,
  number: number,
  stacks: readonly ScannedStack[],
): Promise<RegionMask> {
  const fractional =
    segmentation.kind === "FRACTIONAL" ? ["fractions count from half of the greatest possible one on"] : [];
  const mask = await onStack(segmentation, number, stacks);
  return { ...mask, remarks: [...fractional, ...(mask.remarks ?? [])] };
}

async function onStack(
  segmentation: Segmentation,
  number: number,
  stacks: readonly ScannedStack[],
): Promise<RegionMask> {
  const own = stacksOf(stacks, segmentation.referencedSeries);
  for (const stack of own) {
    const places = stack.even ? undefined : placesIn(segmentation, stack);
    if (places && usualDistance(distinct(places.of)) <= 1.25)
      return onSlices(segmentation, number, places, stack);
  }
  try {
    const repaired = own.find(({ even }) => !even);
    return filledMask(await segmentation.mask(number), new Set(segmentation.planeOf), repaired);
  } catch (error) {
    if (!(error instanceof TrinephronError && error.code === "E_GEOMETRY")) throw error;
    // A few frames between the others' even planes.
    for (const stack of own) {
      const places = placesIn(segmentation, stack);
      if (places) return onSlices(segmentation, number, places, stack);
    }
    throw error;
  }
}

const distinct = (places: Places["of"]): number[] =>
  [...new Set(places.flatMap((place) => place ?? []))].sort((a, b) => a - b);

function placesIn({ planes }: Segmentation, { geometry, ...stack }: ScannedStack): Places | undefined {
  const normal = geometry.direction[2];
  if (!planes.every(({ row, column }) => parallel(cross(row, column), normal))) return undefined;
  const depths = planes.map(({ position }) => depthOf(geometry, position));
  return placesOf(depths, { geometry, ...stack });
}

async function onSlices(
  segmentation: Segmentation,
  number: number,
  places: Places,
  stack: ScannedStack,
): Promise<RegionMask> {
  const { planes } = segmentation;
  const frames: MaskFrame[] = [];
  let [drawn, left] = [0, 0];
  for await (const { frame, mask, columns, rows } of segmentation.frames(number)) {
    const [plane, place] = [planes[frame], places.of[frame]];
    drawn += areaOf(mask) * plane.spacing[0] * plane.spacing[1];
    if (place !== undefined) frames.push({ plane, place, columns, rows, mask });
    else if (places.between.has(frame)) left++;
  }
  const used = new Set(distinct(places.of));
  const { kept, ...mask } = framesOnSlices(frames, places, used, stack);
  const lost = drawn > 0 ? 1 - kept / drawn : 0;
  return {
    ...mask,
    remarks: [
      ...(mask.remarks ?? []),
      ...(left > 0 ? [`${left} of ${planes.length} frames lie between the slices, left out`] : []),
      ...(lost > 0.05 ? [`${Math.round(100 * lost)} % lies outside the images`] : []),
    ],
  };
}

const areaOf = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);
