import { basename } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import type { Source } from "../../../imaging/formats/dicom/index.ts";
import { parseNifti, readNifti } from "../../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { wholeValues } from "../../cohort/labels.ts";
import { labelRegions } from "./labelRegions.ts";
import type { LabelTable } from "./labels/labelTable.ts";
import { positive, type Region } from "./region.ts";

/** One file of labels, as `labelRegions` tells them. @throws as it does, and as `readNifti` */
export async function niftiLabels(source: Source, table?: LabelTable): Promise<Region[]> {
  const said: string[] = [];
  return labelRegions(await read(source, said), source.name, table, said);
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
