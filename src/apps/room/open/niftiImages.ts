import { TrinephronError } from "../../../base/errors.ts";
import type { Source } from "../../../imaging/formats/dicom/read.ts";
import { parseNiftiHeader } from "../../../imaging/formats/nifti/header.ts";
import { volumeOf } from "../../../imaging/formats/nifti/parse.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { labelRegions } from "../../../patients/study/mask/labelRegions.ts";
import { mergeLabels } from "../../../patients/study/mask/mergeLabels.ts";
import { asHu, type FoundImage } from "./image.ts";
import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";
import { unzipped } from "./unzipped.ts";

/** What NIfTI files hold: images, and the first that is a map of labels as the mask. */
export interface NiftiFound {
  readonly images: readonly FoundImage[];
  readonly mask?: Volume<Uint8Array> | undefined;
  readonly remarks: readonly string[];
  readonly problems: readonly Problem[];
}

async function readNifti(source: Source, remarks: Set<string>): Promise<Volume> {
  const bytes = await unzipped(Uint8Array.from(await source.whole()), source.name);
  return volumeOf(parseNiftiHeader(bytes, source.name), bytes, source.name, {
    onRemark: (remark) => void remarks.add(`${source.name}: ${remark}`),
  });
}

/** Whether every voxel is 0, 1, 2 or 3, and not all are 0: no CT is so. */
const isLabelMap = ({ data }: Volume): boolean =>
  data.every((value: number) => value === 0 || value === 1 || value === 2 || value === 3) &&
  data.some((value: number) => value > 0);

/** Reads NIfTI files, one at a time; what cannot be read is a problem. */
export async function niftiImages(
  sources: readonly Source[],
  progress: (done: number) => void,
): Promise<NiftiFound> {
  const images: FoundImage[] = [];
  const problems: Problem[] = [];
  const remarks = new Set<string>();
  let mask: Volume<Uint8Array> | undefined;
  for (const [n, source] of sources.entries()) {
    try {
      const volume = await readNifti(source, remarks);
      if (!isLabelMap(volume)) images.push(imageOf(source, volume));
      else if (mask === undefined) mask = await maskOf(volume, source.name, remarks);
      else problems.push(problemOf(source.name, second(source.name)));
    } catch (error) {
      problems.push(problemOf(source.name, error));
    }
    progress(n + 1);
  }
  return { images, mask, remarks: [...remarks], problems };
}

const second = (name: string) =>
  new TrinephronError("E_MASK", `${name}: a second mask: the first by name is shown`);

/** @throws E_MASK as `labelRegions` */
async function maskOf(volume: Volume, name: string, remarks: Set<string>): Promise<Volume<Uint8Array>> {
  const merged = await mergeLabels(labelRegions(volume, name), volume);
  for (const remark of merged.remarks) remarks.add(`${name}: ${remark}`);
  return merged.volume;
}

/** What a file's name says of it is read as a series' description is. */
function imageOf(source: Source, { data, ...geometry }: Volume): FoundImage {
  const file = source.name.split("/").at(-1) ?? source.name;
  const name = file.replace(/\.(nii|hdr)(\.gz)?$/i, "");
  const { size, spacing } = geometry;
  return {
    name: source.name,
    geometry,
    facts: {
      name: source.name,
      description: name.replaceAll(/[_.-]+/g, " "),
      protocol: undefined,
      number: undefined,
      kernel: undefined,
      contrastAgent: undefined,
      acquisitionTime: undefined,
      contrastStartTime: undefined,
      sliceSpacing: spacing[2],
      slices: size[2],
      coverageMm: size[2] * spacing[2],
    },
    // Read anew: of a study's images only those shown stay in memory.
    read: async (remarks) => asHu(await readNifti(source, remarks)),
  };
}
