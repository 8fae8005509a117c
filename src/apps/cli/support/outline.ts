import type { Work } from "../../../base/work.ts";
import { outlineWith, segmentationHash } from "../../../learning/segmentation/outline/outlineWith.ts";
import { segmentationFolder } from "../../../learning/segmentation/outline/shipped.ts";
import type { ImportChoices } from "../../../patients/import/options.ts";

/** How cases without a mask are outlined. */
export interface OutlineOptions {
  /** Folder of a segmentation model; by default the one that comes with the package. */
  readonly segmentation?: string;
  readonly withoutMask?: boolean | undefined;
  readonly threads?: number | undefined;
}

/** What outlines cases without a mask: nothing where they are wanted without one and no model is named. */
export async function importOutline(
  { segmentation, withoutMask, threads }: OutlineOptions,
  { signal }: Pick<Work, "signal">,
): Promise<ImportChoices["outline"]> {
  if (withoutMask && segmentation === undefined) return undefined;
  const folder = await segmentationFolder(segmentation);
  if (folder === undefined) return undefined;
  return { by: await segmentationHash(folder), outline: outlineWith(folder, { threads, signal }) };
}
