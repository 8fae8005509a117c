import { TrinephronError } from "../../../../base/errors.ts";
import type { Volume } from "../../../../numerics/volume/volume.ts";
import { codeItem } from "./code.ts";
import { commonModules, dateAndTime, frameOfReferenceModule, type StudyContext } from "./context.ts";
import { encodePart10, type NaturalDataset } from "./part10.ts";
import { mustBeOrthogonal, orientationOf, pixelSpacing, positionOf } from "./plane.ts";
import { type SegmentCode, segmentCodes } from "./segmentCodes.ts";
import { derivation, liesOn, referencedSeries, type SourceImage } from "./sourceImages.ts";
import { uid } from "./uid.ts";
import { sopClass, type WrittenObject } from "./written.ts";

/** What a segmentation says besides its mask. */
export interface SegmentationOptions {
  readonly context: StudyContext;
  readonly series: { readonly uid: string; readonly number: number; readonly description: string };
  /** Who or what drew it. */
  readonly algorithm: {
    readonly type: "AUTOMATIC" | "SEMIAUTOMATIC" | "MANUAL";
    /** Required unless drawn by hand. */
    readonly name: string;
  };
  /** Slices of the series it was drawn on; empty where there is none. */
  readonly source: readonly SourceImage[];
  readonly created: Date;
  /** Labels written, where the mask has them. Kidney 1, tumour 2 and cyst 3 by default. */
  readonly segments?: readonly SegmentCode[] | undefined;
  readonly comments?: string | undefined;
  /** Names the mask in errors. */
  readonly name: string;
}

/**
 * A mask of labels as a DICOM Segmentation of type BINARY: a segment a label, a frame a slice where the label is.
 * Its UIDs follow from the series' UID.
 *
 * @throws E_MASK where the mask has none of the labels
 * @throws E_GEOMETRY where its axes are not at right angles or the context has no frame of reference
 */
export function segmentation(mask: Volume<Uint8Array>, options: SegmentationOptions): WrittenObject {
  const { context, series, algorithm, source, created, name } = options;
  mustBeOrthogonal(mask, name);
  const frames = framesOf(mask, options.segments ?? segmentCodes);
  const segments = [...new Set(frames.map(({ segment }) => segment))];
  if (segments.length === 0) throw new TrinephronError("E_MASK", `${name}: empty`, "nothing to segment");
  const sopInstance = uid(`${series.uid} segmentation`);
  const dimensions = uid(`${series.uid} dimensions`);
  const { date, time } = dateAndTime(created);
  const object = {
    sopClass: sopClass.segmentation,
    sopInstance,
    modality: "SEG",
    series,
    number: 1,
    created,
  };
  const dataset: NaturalDataset = {
    ...commonModules(context, object),
    ...frameOfReferenceModule(context, name),
    ImageType: ["DERIVED", "PRIMARY"],
    ContentDate: date,
    ContentTime: time,
    ContentLabel: "SEGMENTATION",
    ContentDescription: series.description,
    ContentCreatorName: null,
    ImageComments: options.comments,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    NumberOfFrames: frames.length,
    Rows: mask.size[1],
    Columns: mask.size[0],
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: "00",
    SegmentationType: "BINARY",
    SegmentsOverlap: "NO",
    SegmentSequence: segments.map((segment, n) => segmentItem(segment, n + 1, algorithm, series.uid)),
    DimensionOrganizationSequence: { DimensionOrganizationUID: dimensions },
    DimensionIndexSequence: [
      dimension(dimensions, tag.ReferencedSegmentNumber, tag.SegmentIdentificationSequence, "Segment"),
      dimension(dimensions, tag.ImagePositionPatient, tag.PlanePositionSequence, "Position"),
    ],
    SharedFunctionalGroupsSequence: {
      PixelMeasuresSequence: {
        PixelSpacing: pixelSpacing(mask),
        SliceThickness: mask.spacing[2],
        SpacingBetweenSlices: mask.spacing[2],
      },
      PlaneOrientationSequence: { ImageOrientationPatient: orientationOf(mask) },
    },
    PerFrameFunctionalGroupsSequence: frames.map(({ segment, k }) => ({
      FrameContentSequence: { DimensionIndexValues: [segments.indexOf(segment) + 1, k + 1] },
      PlanePositionSequence: { ImagePositionPatient: positionOf(mask, k) },
      SegmentIdentificationSequence: { ReferencedSegmentNumber: segments.indexOf(segment) + 1 },
      // In all frames or none (PS3.3 C.7.6.16.1.2), empty where a frame's image cannot be referred to.
      DerivationImageSequence:
        source.length === 0
          ? undefined
          : (derivation(source.filter((image) => liesOn(mask, k, image))) ?? null),
    })),
    ReferencedSeriesSequence: referencedSeries(source),
    PixelData: packed(mask, frames),
  };
  return { sopClass: sopClass.segmentation, sopInstance, bytes: encodePart10(dataset, name) };
}

interface Frame {
  readonly segment: SegmentCode;
  readonly k: number;
}

/** By segment, then by slice. */
function framesOf({ data, size }: Volume<Uint8Array>, segments: readonly SegmentCode[]): Frame[] {
  const plane = size[0] * size[1];
  return segments.flatMap((segment) =>
    Array.from({ length: size[2] }, (_, k) => ({ segment, k })).filter(({ k }) =>
      data.subarray(k * plane, (k + 1) * plane).includes(segment.label),
    ),
  );
}

/** One bit a pixel, the first in the lowest bit, frames following without a gap (PS3.5 § 8.1.1, Annex D). */
function packed({ data, size }: Volume<Uint8Array>, frames: readonly Frame[]): Uint8Array {
  const plane = size[0] * size[1];
  const bits = new Uint8Array(Math.ceil((plane * frames.length) / 8));
  let bit = 0;
  for (const { segment, k } of frames)
    for (let n = k * plane; n < (k + 1) * plane; n++, bit++)
      if (data[n] === segment.label) bits[bit >> 3] |= 1 << (bit & 7);
  return bits;
}

function segmentItem(
  { name, category, type, region, color }: SegmentCode,
  number: number,
  algorithm: SegmentationOptions["algorithm"],
  series: string,
): NaturalDataset {
  return {
    SegmentNumber: number,
    SegmentLabel: name,
    SegmentedPropertyCategoryCodeSequence: codeItem(category),
    SegmentedPropertyTypeCodeSequence: codeItem(type),
    AnatomicRegionSequence: region && codeItem(region),
    SegmentAlgorithmType: algorithm.type,
    SegmentAlgorithmName: algorithm.type === "MANUAL" ? undefined : algorithm.name,
    RecommendedDisplayCIELabValue: color,
    TrackingID: name,
    TrackingUID: trackingUid(series, name),
  };
}

/** Tracking UID of a segment, by which a report names what was segmented. @param series UID of the segmentation */
export const trackingUid = (series: string, name: string): string => uid(`${series} ${name}`);

const tag = {
  SegmentIdentificationSequence: 0x0062000a,
  ReferencedSegmentNumber: 0x0062000b,
  PlanePositionSequence: 0x00209113,
  ImagePositionPatient: 0x00200032,
} as const;

const dimension = (organization: string, pointer: number, group: number, label: string): NaturalDataset => ({
  DimensionOrganizationUID: organization,
  DimensionIndexPointer: pointer,
  FunctionalGroupPointer: group,
  DimensionDescriptionLabel: label,
});
