import type { Vec3, Volume } from "../../../../numerics/volume/volume.ts";
import type { Slice } from "../series/slice.ts";
import { codeItem, dcm } from "./code.ts";
import { isUid } from "./keepable.ts";
import type { NaturalDataset } from "./part10.ts";
import { positionOf } from "./plane.ts";

/** An image the mask was drawn on. */
export interface SourceImage {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly series: string;
  /** LPS mm. */
  readonly position: Vec3;
}

/** Slices read from DICOM as the images a segmentation was drawn on; those without valid UIDs cannot be referred to. */
export const sourceImages = (slices: readonly Slice[]): SourceImage[] =>
  slices.flatMap(({ file: { header }, plane }) =>
    header.sopClass &&
    header.sopInstance &&
    header.series.uid &&
    [header.sopClass, header.sopInstance, header.series.uid].every(isUid) &&
    header.frames === 1
      ? [
          {
            sopClass: header.sopClass,
            sopInstance: header.sopInstance,
            series: header.series.uid,
            position: plane.position,
          },
        ]
      : [],
  );

/** Whether an image lies on slice k of a mask: within a tenth of the distance between slices. */
export function liesOn(mask: Volume, k: number, { position }: SourceImage): boolean {
  const at = positionOf(mask, k);
  const distance = mask.direction[2].reduce((sum, axis, a) => sum + axis * (position[a] - at[a]), 0);
  return Math.abs(distance) < 0.1 * mask.spacing[2];
}

/** Derivation Image Sequence of a frame drawn on images. */
export const derivation = (images: readonly SourceImage[]): NaturalDataset[] | undefined =>
  images.length === 0
    ? undefined
    : [
        {
          DerivationCodeSequence: codeItem(dcm("113076", "Segmentation")),
          SourceImageSequence: images.map((image) => ({
            ...reference(image),
            PurposeOfReferenceCodeSequence: codeItem(
              dcm("121322", "Source image for image processing operation"),
            ),
          })),
        },
      ];

const reference = ({ sopClass, sopInstance }: SourceImage): NaturalDataset => ({
  ReferencedSOPClassUID: sopClass,
  ReferencedSOPInstanceUID: sopInstance,
});

/** Common Instance Reference module. */
export function referencedSeries(source: readonly SourceImage[]): NaturalDataset[] | undefined {
  const bySeries = [...Map.groupBy(source, ({ series }) => series)];
  if (bySeries.length === 0) return undefined;
  return bySeries.map(([series, images]) => ({
    SeriesInstanceUID: series,
    ReferencedInstanceSequence: images.map(reference),
  }));
}
