import { cleanLabels } from "../../../imaging/nephrometry/index.ts";
import {
  apply,
  type Geometry,
  indexMap,
  resample,
  sameGeometry,
  type Volume,
  voxelCount,
} from "../../../numerics/volume/index.ts";
import type { MaskSource } from "../assembled.ts";
import { type LabelTable, labelOf } from "./labels/labelTable.ts";
import type { MaskLabel } from "./labels/maskLabel.ts";
import type { Region } from "./region.ts";

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
const lost = 0.05;

/**
 * Regions as one mask of labels: each by its name, brought to the reference's grid by the nearest voxel, tumour over
 * cyst over kidney, and cleaned ({@link cleanLabels}). Regions whose name is not understood are left out with a remark,
 * known other structures without.
 *
 * @throws what reading a region throws
 */
export async function mergeLabels(
  regions: readonly Region[],
  reference: Geometry,
  table?: LabelTable,
): Promise<MergedLabels> {
  const { size, spacing, origin, direction } = reference;
  const data = new Uint8Array(voxelCount(reference));
  const unknown: string[] = [];
  const remarks: string[] = [];
  const said = new Map<string, string[]>();
  let source: MaskSource | undefined;
  for (const region of regions) {
    const label = labelOf(region, table);
    if (label === undefined) unknown.push(region.name);
    if (label === undefined || label === "other") continue;
    const mask = await region.mask(reference);
    const here = sameGeometry(mask, reference)
      ? mask
      : resample(mask, reference, { interpolation: "nearest" });
    for (const remark of region.remarks?.(reference) ?? [])
      said.set(remark, [...(said.get(remark) ?? []), region.name]);
    const { drawn, outside } = extentOf(mask, reference);
    paint(data, here.data, label);
    if (drawn === 0) remarks.push(`${region.name}: nothing of it within the images`);
    else if (outside > lost * drawn)
      remarks.push(`${region.name}: ${Math.round((100 * outside) / drawn)} % lies outside the images`);
    if (outside < drawn) source ??= region.source;
  }
  for (const [remark, names] of said) remarks.push(`${names.join(", ")}: ${remark}`);
  if (unknown.length > 0) remarks.push(`names not understood, left out: ${unknown.join(", ")}`);
  const clean = cleanLabels({ size, spacing, origin, direction, data });
  remarks.push(...clean.remarks);
  const counts = { 1: 0, 2: 0, 3: 0 };
  for (const label of clean.mask.data) if (label !== 0) counts[label as MaskLabel]++;
  return { volume: clean.mask, source, counts, remarks };
}

function paint(labels: Uint8Array, mask: Uint8Array, label: MaskLabel): void {
  for (let n = 0; n < mask.length; n++) if (mask[n] !== 0 && rank[label] > rank[labels[n]]) labels[n] = label;
}

/** Voxels of a mask, and those of them whose centre is in no voxel of the reference. */
function extentOf(mask: Volume<Uint8Array>, reference: Geometry): { drawn: number; outside: number } {
  const toReference = indexMap(mask, reference);
  const [nx, ny] = mask.size;
  let [drawn, outside] = [0, 0];
  for (let n = 0; n < mask.data.length; n++) {
    if (mask.data[n] === 0) continue;
    drawn++;
    const index = apply(toReference, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
    if (index.some((at, axis) => at < -0.5 || at > reference.size[axis] - 0.5)) outside++;
  }
  return { drawn, outside };
}
