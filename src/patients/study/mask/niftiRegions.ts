import { basename } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import type { Source } from "../../../imaging/formats/dicom/index.ts";
import { parseNifti, readNifti } from "../../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import { labelsOf, wholeValues } from "../../cohort/labels.ts";
import { filledMask } from "./filledMask.ts";
import type { LabelTable } from "./labels/labelTable.ts";
import { positive, type Region, type RegionMask } from "./region.ts";

/** Whether a file is NIfTI by its first bytes: the header's size, 348 or 540, in either byte order, or gzip. */
export async function isNifti(source: Source): Promise<boolean> {
  const start = Buffer.from(await source.start(4));
  if (start.length < 4) return false;
  return (
    (start[0] === 0x1f && start[1] === 0x8b) ||
    [start.readInt32LE(), start.readInt32BE()].some((size) => size === 348 || size === 540)
  );
}

/** A file with more values is an image. */
const mostLabels = 4096;

/**
 * One file of labels: those the table has as whole numbers; without such, 1 kidney, 2 tumour, 3 cyst.
 * @throws E_MASK for other labels without a table, and for values that are no labels, and as `readNifti`
 */
export async function niftiLabels(source: Source, table?: LabelTable): Promise<Region[]> {
  const said: string[] = [];
  const image = await read(source, said);
  if ([...(table?.keys() ?? [])].some((name) => /^\d+$/.test(name))) return numbered(image, source, said);
  const { mask: volume, remarks } = labelsOf(image, source.name);
  said.push(...remarks);
  const drawn = drawnPlanes(volume);
  // Most kidneys have no cyst: nothing to say of it.
  const labels = volume.data.includes(3) ? ([1, 2, 3] as const) : ([1, 2] as const);
  return labels.map((label) => ({
    name: ["kidney", "tumor", "cyst"][label - 1],
    path: source.name,
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
function numbered(given: Volume, { name }: Source, said: string[]): Region[] {
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

/** One structure a file, named by the file. Its mask is E_MASK for fractions, which may be of anything. */
export function niftiStructure(source: Source): Region {
  const said: string[] = [];
  const mask = async () => {
    const { volume, remarks } = wholeValues(await read(source, said));
    said.push(...remarks);
    const fraction = volume.data.find((value) => !Number.isInteger(value));
    if (fraction !== undefined)
      throw new TrinephronError(
        "E_MASK",
        `${source.name}: the value ${fraction} is no label`,
        "give a mask of whole numbers, not shares or probabilities",
      );
    return { ...positive(volume), remarks: said };
  };
  return {
    name: basename(source.name).replace(/\.(nii|hdr)(\.gz)?$/i, ""),
    path: source.name,
    source: "NIfTI",
    mask,
  };
}

/** Pairs of `.hdr` and `.img` are found by path, all else is read from the bytes. */
async function read(source: Source, said: string[]): Promise<Volume> {
  const options = { onRemark: (remark: string) => said.push(remark) };
  return /\.hdr(\.gz)?$/i.test(source.name)
    ? readNifti(source.name, options)
    : parseNifti(await source.whole(), source.name, options);
}
