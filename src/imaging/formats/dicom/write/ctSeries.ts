import type { Vec3, Volume } from "../../../../numerics/volume/volume.ts";
import { commonModules, dateAndTime, frameOfReferenceModule, type StudyContext } from "./context.ts";
import { encodePart10, type NaturalDataset } from "./part10.ts";
import { mustBeOrthogonal, orientationOf, pixelSpacing, positionOf } from "./plane.ts";
import { uid } from "./uid.ts";
import { sopClass, type WrittenObject } from "./written.ts";

/** What a CT series says besides its voxels. */
export interface CtSeriesOptions {
  readonly context: StudyContext;
  readonly series: { readonly uid: string; readonly number: number; readonly description: string };
  /** Image Type; what a program made is no `ORIGINAL`. */
  readonly imageType?: readonly string[] | undefined;
  /** Start of the scan, local time. */
  readonly acquired: Date;
  readonly acquisitionNumber?: number | undefined;
  /** Contrast medium and when its injection began. */
  readonly contrast?: { readonly agent: string; readonly started: Date } | undefined;
  readonly kvp?: number | undefined;
  readonly kernel?: string | undefined;
  /** Slice thickness, mm; by default the distance between slices. */
  readonly thickness?: number | undefined;
  /** `HFS`, head first and supine, by default. */
  readonly patientPosition?: string | undefined;
  /** `ABDOMEN` by default. */
  readonly bodyPart?: string | undefined;
  /** Scanner; by default this program. */
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  /** How the image was made from others. */
  readonly derivation?: string | undefined;
  readonly comments?: string | undefined;
  /** Names the volume in errors. */
  readonly name: string;
}

/** A slice as a file: an image that a segmentation can be drawn on. */
export interface WrittenSlice extends WrittenObject {
  readonly series: string;
  /** LPS mm. */
  readonly position: Vec3;
}

/** HU of stored value 0. */
const rescaleIntercept = -1024;

/**
 * A CT volume as single-frame CT images, one a slice k, in the order of k. HU are rounded to whole ones and kept from
 * −1024 to 64511. The UID of an instance follows from the series' UID and k.
 *
 * @throws E_GEOMETRY where the axes are not at right angles or the context has no frame of reference
 */
export function* ctSeries(volume: Volume, options: CtSeriesOptions): Generator<WrittenSlice> {
  const { context, series, name } = options;
  mustBeOrthogonal(volume, name);
  const shared = { ...frameOfReferenceModule(context, name), ...seriesModules(volume, options) };
  const [columns, rows, slices] = volume.size;
  for (let k = 0; k < slices; k++) {
    const sopInstance = uid(`${series.uid} ${k}`);
    const object = { sopClass: sopClass.ctImage, sopInstance, modality: "CT", series, number: k + 1 };
    const common = commonModules(context, { ...object, created: options.acquired });
    const dataset: NaturalDataset = {
      ...common,
      ...shared,
      Manufacturer: options.manufacturer ?? common.Manufacturer,
      ManufacturerModelName: options.model ?? common.ManufacturerModelName,
      ImagePositionPatient: positionOf(volume, k),
      SliceLocation: sliceLocation(volume, k),
      PixelData: stored(volume.data.subarray(k * columns * rows, (k + 1) * columns * rows)),
    };
    const bytes = encodePart10(dataset, `${name}, slice ${k + 1}`);
    const position = positionOf(volume, k);
    yield { sopClass: sopClass.ctImage, sopInstance, series: series.uid, position, bytes };
  }
}

/** What all slices share: General Acquisition and Image, Image Plane and Pixel, CT Image and Contrast/Bolus modules. */
function seriesModules(volume: Volume, options: CtSeriesOptions): NaturalDataset {
  const { date, time } = dateAndTime(options.acquired);
  const { contrast } = options;
  const started = contrast && dateAndTime(contrast.started);
  return {
    ImageType: options.imageType ?? ["DERIVED", "SECONDARY", "AXIAL"],
    AcquisitionDate: date,
    AcquisitionTime: time,
    ContentDate: date,
    ContentTime: time,
    AcquisitionNumber: options.acquisitionNumber ?? null,
    BodyPartExamined: options.bodyPart ?? "ABDOMEN",
    PatientPosition: options.patientPosition ?? "HFS",
    ContrastBolusAgent: contrast?.agent,
    ContrastBolusStartTime: started?.time,
    KVP: options.kvp ?? null,
    ConvolutionKernel: options.kernel,
    SliceThickness: options.thickness ?? volume.spacing[2],
    ImageOrientationPatient: orientationOf(volume),
    PixelSpacing: pixelSpacing(volume),
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: volume.size[1],
    Columns: volume.size[0],
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    RescaleIntercept: rescaleIntercept,
    RescaleSlope: 1,
    RescaleType: "HU",
    WindowCenter: 50,
    WindowWidth: 400,
    BurnedInAnnotation: "NO",
    LossyImageCompression: "00",
    DerivationDescription: options.derivation,
    ImageComments: options.comments,
  };
}

/** Along the slices' axis, mm: any zero serves (PS3.3 C.7.6.2.1.2). */
function sliceLocation(volume: Volume, k: number): number {
  const axis = volume.direction[2];
  return positionOf(volume, k).reduce((sum, mm, a) => sum + mm * axis[a], 0);
}

function stored(hu: Volume["data"]): Uint16Array {
  const out = new Uint16Array(hu.length);
  for (let n = 0; n < hu.length; n++)
    out[n] = Math.min(Math.max(Math.round(hu[n]) - rescaleIntercept, 0), 65535);
  return out;
}
