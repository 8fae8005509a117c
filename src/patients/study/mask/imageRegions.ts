import { basename, dirname } from "node:path";
import {
  type DicomFile,
  NotDicomError,
  readVolume,
  type Stack,
  seriesOf,
} from "../../../imaging/formats/dicom/index.ts";
import { sliceInHu } from "../../../imaging/formats/dicom/series/readVolume.ts";
import { framesOnSlices, type MaskFrame } from "./framesOnSlices.ts";
import { positive, type Region, type RegionMask } from "./region.ts";

/**
 * Mask images, one DICOM file a slice, in one folder a structure, named by the folder (3D-IRCADb: `MASKS_DICOM/liver`).
 * Every pixel above 0 belongs to the structure. Of a folder with several stacks the longest counts.
 */
export function imageRegions(files: readonly DicomFile[]): Region[] {
  const images = files.filter(({ header, planes }) => header?.hasPixels && planes?.[0] !== undefined);
  return [...Map.groupBy(images, ({ source }) => dirname(source.name))].flatMap(([folder, members]) => {
    // Mask images need not be CT images.
    const series = seriesOf(members.map(({ setAside, ...file }) => file));
    const stacks = series.flatMap((each) => each.stacks);
    const [longest, ...others] = stacks.toSorted((a, b) => b.slices.length - a.slices.length);
    if (!longest) return [];
    const patient = longest.slices[0].file.header.patient.id;
    const aside = [
      ...series.flatMap((each) => each.slicesAside),
      ...others.map(({ slices }) => ({ slices, reason: "a shorter stack than another of the folder" })),
    ];
    const unread = files.flatMap(({ source, error }) =>
      error && dirname(source.name) === folder && !(error instanceof NotDicomError)
        ? [`left out: ${error.message}`]
        : [],
    );
    const mask = async () => {
      const own = await imageMask(longest, folder);
      const left = aside.map(({ slices, reason }) => `${slices.length} mask images set aside: ${reason}`);
      return { ...own, remarks: [...unread, ...(own.remarks ?? []), ...left] };
    };
    return [{ name: basename(folder), path: folder, source: "segmentation", patient, mask }];
  });
}

/** Slices of ones and zeros are brought to an even grid as such, never as grey values in between. */
async function imageMask(images: Stack, folder: string): Promise<RegionMask> {
  const { volume, stack, remarks } = await readVolume(images, folder);
  if (!stack.resampled) return { ...positive(volume), remarks };
  const parsed = new Map();
  const frames: MaskFrame[] = [];
  for (const [place, slice] of stack.slices.entries()) {
    const { rows = 0, columns = 0 } = slice.file.header;
    const mask = Uint8Array.from(await sliceInHu(slice, parsed), (value) => (value > 0 ? 1 : 0));
    frames.push({ plane: slice.plane, place, rows, columns, mask });
  }
  const { kept, ...mask } = framesOnSlices(frames, stack, new Set(stack.slices.keys()), {
    ...stack,
    series: undefined,
  });
  return { ...mask, remarks: [...remarks, ...(mask.remarks ?? [])] };
}
