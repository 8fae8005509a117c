import type { Code } from "../code.ts";
import {
  type Children,
  type ContentItem,
  code,
  container,
  type ImageReference,
  image,
} from "./contentItem.ts";
import { templateCodes } from "./templateCodes.ts";

/** Images of a report that have their description in common. */
export interface ImageGroup {
  /** CID 29: `templateCodes.ct`. */
  readonly modality: Code;
  /** Region of the body, CID 4031. */
  readonly targetRegion: Code;
  /** What else they have in common, each as `HAS ACQ CONTEXT`. */
  readonly descriptors?: Children;
  readonly images: readonly ImageReference[];
}

/** The images a report was made from: TID 1600 with 1601 and 1602 (PS3.16). Undefined where no group has one. */
export function imageLibrary(groups: readonly ImageGroup[]): ContentItem | undefined {
  const filled = groups.filter(({ images }) => images.length > 0);
  if (filled.length === 0) return undefined;
  return container("CONTAINS", templateCodes.imageLibrary, filled.map(groupItem));
}

const groupItem = ({ modality, targetRegion, descriptors = [], images }: ImageGroup): ContentItem =>
  container("CONTAINS", templateCodes.imageLibraryGroup, [
    code("HAS ACQ CONTEXT", templateCodes.modality, modality),
    code("HAS ACQ CONTEXT", templateCodes.targetRegion, targetRegion),
    ...descriptors,
    ...images.map((reference) => image("CONTAINS", undefined, reference)),
  ]);
