import { TrinephronError } from "../../../base/errors.ts";
import type { DicomFile } from "../../../imaging/formats/dicom/read.ts";
import type { Geometry } from "../../../numerics/volume/index.ts";
import type { StudyMask } from "../assembled.ts";
import { otherRemark } from "../remark.ts";
import { type DicomRegions, dicomRegions, holdsRegions, imagesMissing } from "./dicomRegions.ts";
import type { LabelTable } from "./labels/labelTable.ts";
import { mergeLabels } from "./mergeLabels.ts";
import type { ScannedStack } from "./scannedStack.ts";

export interface MaskOptions {
  /** SOP Instance UIDs of the study's images: a mask drawn on others too is told of. */
  readonly instances?: ReadonlySet<string> | undefined;
  /** The study's stacks, that of the reference first: what was done to their slices is done to masks drawn on them. */
  readonly stacks?: readonly ScannedStack[] | undefined;
}

export interface MasksAmongOptions extends MaskOptions {
  /** The user's own names. */
  readonly table?: LabelTable | undefined;
  /** Series Instance UID of the reference: where something was drawn on it, what was drawn on other series is left out. */
  readonly series?: string | undefined;
  /** Frame of Reference UID of the reference: what was drawn in another one is left out. */
  readonly frameOfReference?: string | undefined;
  /** Gets the remarks where there is no mask to bear them. */
  readonly remarked?: ((remark: string) => void) | undefined;
}

export const otherFrame = "drawn in another frame of reference than the images: check that it fits";

type Read = DicomRegions & { readonly file: string };

/**
 * The mask that DICOM Segmentations and RT Structure Sets among a study's files make; undefined where none of their
 * regions is a kidney, tumour or cyst within the images. Files that cannot be read are left out with a remark.
 *
 * @throws E_FORMAT, E_FILE_TRUNCATED for broken pixels
 */
export async function masksAmong(
  files: readonly DicomFile[],
  reference: Geometry,
  { table, series, frameOfReference, stacks, instances, remarked }: MasksAmongOptions = {},
): Promise<StudyMask | undefined> {
  const leftOut: string[] = [];
  const read: Read[] = [];
  for (const file of files.filter(holdsRegions))
    try {
      read.push({ ...(await dicomRegions(file)), file: file.source.name });
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      leftOut.push(`left out: ${error.message}`);
    }

  const onSeries = read.filter((object) => series !== undefined && object.referencedSeries === series);
  // What names another series of the study belongs to it, whatever frame of reference it has.
  const isNamed = ({ referencedSeries }: Read) =>
    referencedSeries !== undefined && (stacks ?? []).some((stack) => stack.series === referencedSeries);
  let used =
    onSeries.length > 0
      ? onSeries
      : read.filter((object) => isNamed(object) || !elsewhere(object, frameOfReference));
  for (const object of read.filter((candidate) => !used.includes(candidate)))
    leftOut.push(
      `left out: ${object.file}: drawn ${elsewhere(object, frameOfReference) ? "in another frame of reference" : "on another series"}`,
    );

  const unsure = onSeries.some((object) => elsewhere(object, frameOfReference)) ? [otherFrame] : [];

  const failed: TrinephronError[] = [];
  for (;;) {
    let refused: Read | undefined;
    // A file of which one region cannot be drawn is left out whole: a kidney without its tumour would be half a mask.
    const regions = used.flatMap((object) =>
      object.regions.map((region) => ({
        ...region,
        mask: async (grid: Geometry, near: readonly ScannedStack[]) => {
          try {
            return await region.mask(grid, near);
          } catch (error) {
            if (error instanceof TrinephronError && error.code === "E_GEOMETRY") refused = object;
            throw error;
          }
        },
      })),
    );
    try {
      const { volume, source, counts, remarks } = await mergeLabels(regions, reference, table, stacks);
      if (source && counts[2] === 0 && failed.length > 0) throw failed[0];
      const missing = used.flatMap((object) => imagesMissing(object, object.file, instances));
      const seriesUid = used.find((object) => object.referencedSeries !== undefined)?.referencedSeries;
      if (!source) for (const remark of [...leftOut, ...remarks]) remarked?.(remark);
      return (
        source && {
          volume,
          source,
          seriesUid,
          remarks: [...leftOut, ...unsure, ...missing, ...remarks].map(otherRemark),
        }
      );
    } catch (error) {
      if (!refused || !(error instanceof TrinephronError)) throw error;
      failed.push(error);
      leftOut.push(`left out: ${error.message}`);
      used = used.filter((object) => object !== refused);
    }
  }
}

const elsewhere = (object: DicomRegions, frame: string | undefined): boolean =>
  frame !== undefined && object.frameOfReference !== undefined && object.frameOfReference !== frame;
