import {
  boundingBox,
  connectedComponents,
  crop,
  type Volume,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import type { MaskLabel } from "./labels/maskLabel.ts";

/** Less than this in single voxels is what any outline leaves, mL. */
const worthSaying = 0.05;

const names: Readonly<Record<MaskLabel, string>> = { 1: "kidney", 2: "tumour", 3: "cyst" };

/**
 * What looks like slips of the pen rather than anatomy, and is left as it is: pieces of tumour that touch neither kidney
 * nor cyst, beside others that do, and voxels that stand alone.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst
 */
export function loosePieces(mask: Volume<Uint8Array>): string[] {
  const box = boundingBox(mask.data, mask.size);
  if (!box) return [];
  const grown = {
    start: box.start.map((n) => n - 1) as unknown as typeof box.start,
    end: box.end.map((n) => n + 1) as unknown as typeof box.end,
  };
  const part = crop(mask, grown);
  const ml = voxelVolumeMl(mask);
  return [...looseTumor(part, ml), ...lonely(part, ml)];
}

/** The 26 voxels around one that is not at the edge. */
function around([nx, ny]: readonly number[]): number[] {
  const ways = [-1, 0, 1];
  return ways
    .flatMap((i) => ways.flatMap((j) => ways.map((k) => i + nx * (j + ny * k))))
    .filter((step) => step !== 0);
}

function looseTumor({ data, size }: Volume<Uint8Array>, voxelMl: number): string[] {
  const steps = around(size);
  const { labels, sizes } = connectedComponents(
    data.map((label) => (label === 2 ? 1 : 0)),
    size,
    26,
  );
  const held = new Set<number>();
  for (let n = 0; n < data.length; n++)
    if (
      labels[n] > 0 &&
      !held.has(labels[n]) &&
      steps.some((step) => data[n + step] === 1 || data[n + step] === 3)
    )
      held.add(labels[n]);
  const loose = sizes.flatMap((voxels, n) => (held.has(n + 1) ? [] : [voxels * voxelMl]));
  if (loose.length === 0 || held.size === 0) return [];
  const sum = loose.reduce((a, b) => a + b);
  return [
    `${loose.length} of ${sizes.length} pieces of tumour (${sum.toFixed(2)} mL) away from kidney and cyst: check the mask`,
  ];
}

function lonely({ data, size }: Volume<Uint8Array>, voxelMl: number): string[] {
  const steps = around(size);
  const counts = { 1: 0, 2: 0, 3: 0 };
  for (let n = 0; n < data.length; n++) {
    const label = data[n];
    if (label >= 1 && label <= 3 && steps.every((step) => data[n + step] !== label))
      counts[label as MaskLabel]++;
  }
  return ([1, 2, 3] as const).flatMap((label) =>
    counts[label] * voxelMl >= worthSaying
      ? `${counts[label]} single voxels of ${names[label]} (${(counts[label] * voxelMl).toFixed(2)} mL): check the mask`
      : [],
  );
}
