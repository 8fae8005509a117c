import { TrinephronError } from "../../../base/errors.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import { labelsOf, wholeValues } from "../../cohort/labels.ts";
import { filledMask } from "./filledMask.ts";
import type { LabelTable } from "./labels/labelTable.ts";
import type { Region, RegionMask } from "./region.ts";

/** A file with more values is an image. */
const mostLabels = 4096;

/**
 * An image of labels: those the table has as whole numbers; without such, 1 kidney, 2 tumour, 3 cyst.
 * @param name of its file
 * @param read what was said of the file already
 * @throws E_MASK for other labels without a table, and for values that are no labels
 */
export function labelRegions(
  image: Volume,
  name: string,
  table?: LabelTable,
  read: readonly string[] = [],
): Region[] {
  const said = [...read];
  if ([...(table?.keys() ?? [])].some((key) => /^\d+$/.test(key))) return numbered(image, name, said);
  const { mask: volume, remarks } = labelsOf(image, name);
  said.push(...remarks);
  const drawn = drawnPlanes(volume);
  // Most kidneys have no cyst: nothing to say of it.
  const labels = volume.data.includes(3) ? ([1, 2, 3] as const) : ([1, 2] as const);
  return labels.map((label) => ({
    name: ["kidney", "tumor", "cyst"][label - 1],
    path: name,
    source: "NIfTI",
    mask: (_, stacks) =>
      remarked(
        filledMask(
          { ...volume, data: volume.data.map((value) => (value === label ? 1 : 0)) },
          drawn,
          stacks[0],
          false,
        ),
        said,
      ),
  }));
}

/** A mask with what its file had to be mended in said before what was done to it. */
const remarked = (mask: RegionMask, said: readonly string[]): RegionMask => ({
  ...mask,
  remarks: [...said, ...(mask.remarks ?? [])],
});

/** Planes that any label is on: one without, between two slices of an image that lacks one, was not drawn on. */
function drawnPlanes({ data, size }: Volume): Set<number> {
  const area = size[0] * size[1];
  const planes = Array.from({ length: size[2] }, (_, k) => k);
  return new Set(planes.filter((k) => data.subarray(k * area, (k + 1) * area).some((value) => value !== 0)));
}

/** A region each value, named by it. */
function numbered(given: Volume, name: string, said: string[]): Region[] {
  const { volume: image, remarks } = wholeValues(given);
  said.push(...remarks);
  const values = new Set<number>();
  for (const value of image.data) if (value !== 0 && values.size <= mostLabels) values.add(value);
  if (values.size > mostLabels || [...values].some((value) => !(Number.isInteger(value) && value > 0)))
    throw new TrinephronError("E_MASK", `${name}: values that are no labels`, "give a label map");
  return [...values]
    .sort((a, b) => a - b)
    .map((label) => ({
      name: String(label),
      path: name,
      source: "NIfTI",
      mask: () => ({
        ...image,
        data: maskOf(image.data, (value) => value === label),
        remarks: said,
      }),
    }));
}
