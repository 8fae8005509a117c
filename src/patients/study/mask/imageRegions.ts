import { basename, dirname } from "node:path";
import {
  type DicomFile,
  fileRemarks,
  isForeign,
  readVolume,
  seriesOf,
} from "../../../imaging/formats/dicom/index.ts";
import { positive, type Region } from "./region.ts";

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
    const aside = [
      ...series.flatMap((each) => each.slicesAside),
      ...others.map(({ slices }) => ({ slices, reason: "a shorter stack than another of the folder" })),
    ];
    const mask = async () => positive((await readVolume(longest, folder)).volume);
    const unread = files.flatMap(({ source, error }) =>
      error && dirname(source.name) === folder && !isForeign(error) ? [`left out: ${error.message}`] : [],
    );
    const remarks = () => [
      ...unread,
      ...fileRemarks(longest.slices.map(({ file }) => file)),
      ...aside.map(({ slices, reason }) => `${slices.length} mask images set aside: ${reason}`),
    ];
    return [{ name: basename(folder), path: folder, source: "segmentation", mask, remarks }];
  });
}
