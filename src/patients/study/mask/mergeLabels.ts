import { cleanLabels } from "../../../imaging/nephrometry/index.ts";
import {
  apply,
  crop,
  type Geometry,
  gridDifference,
  indexMap,
  resample,
  sameGeometry,
  type Volume,
  voxelCount,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import { dot } from "../../../numerics/volume/vector.ts";
import type { MaskSource } from "../assembled.ts";
import { type LabelTable, labelOf } from "./labels/labelTable.ts";
import type { MaskLabel } from "./labels/maskLabel.ts";
import { loosePieces } from "./loosePieces.ts";
import type { Region } from "./region.ts";
import { RivalFiles } from "./rivalFiles.ts";
import type { ScannedStack } from "./scannedStack.ts";

export interface MergedLabels {
  /** 1 kidney, 2 tumour, 3 cyst, on the reference's grid. */
  readonly volume: Volume<Uint8Array>;
  /** Of the first region used; undefined where none was. */
  readonly source: MaskSource | undefined;
  /** Voxels by label. */
  readonly counts: Readonly<Record<MaskLabel, number>>;
  readonly remarks: readonly string[];
}

/** Where regions overlap the greater stays: tumour over cyst over kidney. */
const rank = [0, 1, 3, 2] as const;
/** A region of which a greater share lies outside the images is worth a remark. */
const lost = 0.005;
/** Less of both tumour and cyst is where their outlines meet, mL. */
const worthSaying = 0.05;

/**
 * Regions as one mask of labels: each by its name, brought to the reference's grid by the nearest voxel, tumour over
 * cyst over kidney, and cleaned ({@link cleanLabels}). Regions whose name is not understood are left out with a remark,
 * known other structures without.
 *
 * @param stacks the study's, that of the reference first
 * @throws what reading a region throws
 */
export async function mergeLabels(
  regions: readonly Region[],
  reference: Geometry,
  table?: LabelTable,
  stacks: readonly ScannedStack[] = [],
): Promise<MergedLabels> {
  const { size, spacing, origin, direction } = reference;
  const data = new Uint8Array(voxelCount(reference));
  const unknown: string[] = [];
  const remarks: string[] = [];
  const said = new Map<string, string[]>();
  let source: MaskSource | undefined;
  let contested = 0;
  const rivals = new RivalFiles(regions.map(({ file }) => file));
  for (const region of regions) {
    const label = labelOf(region, table);
    if (label === undefined) unknown.push(region.name);
    if (label === undefined || label === "other") continue;
    const mask = await region.mask(reference, stacks);
    const here = sameGeometry(mask, reference)
      ? mask
      : resample(bordered(mask), reference, { interpolation: "nearest" });
    for (const remark of [
      ...(mask.remarks ?? []),
      ...spacingRemark(mask, reference),
      ...shiftRemark(mask, reference),
    ])
      said.set(remark, [...(said.get(remark) ?? []), region.name]);
    const { drawn, outside } = extentOf(mask, reference);
    rivals.add(label, region.file, here.data);
    contested += paint(data, here.data, label);
    if (drawn === 0) remarks.push(`${region.name}: nothing of it within the images`);
    else if (outside > lost * drawn)
      remarks.push(`${region.name}: ${percent(outside / drawn)} lies outside the images`);
    if (outside < drawn) source ??= region.source;
  }
  for (const [remark, names] of said) remarks.push(`${names.join(", ")}: ${remark}`);
  remarks.push(...rivals.remarks(voxelVolumeMl(reference)));
  const overlapMl = contested * voxelVolumeMl(reference);
  if (overlapMl >= worthSaying)
    remarks.push(`tumour and cyst overlap in ${overlapMl.toFixed(1)} mL: counted as tumour`);
  if (unknown.length > 0) remarks.push(`names not understood, left out: ${unknown.join(", ")}`);
  const clean = cleanLabels({ size, spacing, origin, direction, data });
  remarks.push(...clean.remarks, ...loosePieces(clean.mask));
  return { volume: clean.mask, source, counts: countsOf(clean.mask.data), remarks };
}

function countsOf(labels: Uint8Array): Record<MaskLabel, number> {
  const counts = { 1: 0, 2: 0, 3: 0 };
  for (let n = 0; n < labels.length; n++) if (labels[n] !== 0) counts[labels[n] as MaskLabel]++;
  return counts;
}

const percent = (share: number): string => `${share < 0.01 ? "less than 1" : Math.round(100 * share)} %`;

/**
 * With empty voxels behind its far ends: what lies half-way between two voxels is the farther one's there too, and a
 * region twice as coarse as the images is not one slice too long.
 */
const bordered = (mask: Volume<Uint8Array>): Volume<Uint8Array> =>
  crop(mask, { start: [0, 0, 0], end: [mask.size[0] + 1, mask.size[1] + 1, mask.size[2] + 1] });

/** Where its slices are nearer to each other or further apart than those of the images. */
function spacingRemark(mask: Geometry, reference: Geometry): string[] {
  const along = Math.abs(dot(mask.direction[2], reference.direction[2]));
  const [own, theirs] = [mask.spacing[2] * along, reference.spacing[2]];
  if (along < 0.9 || mask.size[2] < 2 || Math.abs(own - theirs) <= 0.1 * theirs) return [];
  return [`drawn ${own.toFixed(2)} mm apart, images ${theirs.toFixed(2)} mm: each voxel takes the nearest`];
}

/** Where its grid is that of the images, but for its place: drawn on them, and moved or written wrongly since. */
function shiftRemark(mask: Geometry, reference: Geometry): string[] {
  const alike = (a: readonly number[], b: readonly number[]) =>
    a.every((value, n) => Math.abs(value - b[n]) < 1e-3);
  const isOne =
    alike(mask.size, reference.size) &&
    alike(mask.spacing, reference.spacing) &&
    mask.direction.every((way, n) => alike(way, reference.direction[n]));
  return isOne && !sameGeometry(mask, reference)
    ? [`of the images' size and spacing, but ${gridDifference(mask, reference)}: check that it is theirs`]
    : [];
}

/** @returns how many voxels both a tumour and a cyst lay claim to */
function paint(labels: Uint8Array, mask: Uint8Array, label: MaskLabel): number {
  let contested = 0;
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 0) continue;
    if (labels[n] + label === 5) contested++;
    if (rank[label] > rank[labels[n]]) labels[n] = label;
  }
  return contested;
}

/** Voxels of a mask, and those of them whose centre is in no voxel of the reference. */
function extentOf(mask: Volume<Uint8Array>, reference: Geometry): { drawn: number; outside: number } {
  const toReference = indexMap(mask, reference);
  const { data, size } = mask;
  const [nx, ny] = size;
  let [drawn, outside] = [0, 0];
  for (let n = 0; n < data.length; n++) {
    if (data[n] === 0) continue;
    drawn++;
    const index = apply(toReference, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
    if (index.some((at, axis) => at < -0.5 || at > reference.size[axis] - 0.5)) outside++;
  }
  return { drawn, outside };
}
