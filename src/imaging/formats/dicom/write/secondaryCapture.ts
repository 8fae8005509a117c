import { TrinephronError } from "../../../../base/errors.ts";
import { commonModules, dateAndTime, type StudyContext } from "./context.ts";
import { encodePart10, type NaturalDataset } from "./part10.ts";
import { uid } from "./uid.ts";
import { sopClass, type WrittenObject } from "./written.ts";

/** A picture of 8 bits a channel, row by row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** 3 for RGB, 4 for RGBA: laid on white. */
  readonly channels: 3 | 4;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** What a picture says besides its pixels. */
export interface SecondaryCaptureOptions {
  readonly context: StudyContext;
  readonly series: { readonly uid: string; readonly number: number; readonly description: string };
  /** Instance Number, from 1. */
  readonly number: number;
  readonly created: Date;
  /** Whether text in the picture says who the patient is. */
  readonly burnedInAnnotation: boolean;
  /** Image Comments: that the picture is for research use only. */
  readonly comments: string;
  /** Names the picture in errors. */
  readonly name: string;
}

/**
 * A picture as a Secondary Capture image. Its UID follows from the series' UID and its number.
 * @throws E_FORMAT where width, height and data disagree
 */
export function secondaryCapture(image: RgbImage, options: SecondaryCaptureOptions): WrittenObject {
  const { context, series, number, created, burnedInAnnotation, comments, name } = options;
  const { width, height, channels, data } = image;
  if (data.length !== width * height * channels)
    throw new TrinephronError("E_FORMAT", `${name}: ${data.length} bytes for ${width} × ${height} pixels`);
  const sopInstance = uid(`${series.uid} ${number}`);
  const { date, time } = dateAndTime(created);
  const object = {
    sopClass: sopClass.secondaryCapture,
    sopInstance,
    modality: "OT",
    series,
    number,
    created,
  };
  const dataset: NaturalDataset = {
    ...commonModules(context, object),
    ConversionType: "WSD",
    SecondaryCaptureDeviceManufacturer: "trinephron",
    ImageType: ["DERIVED", "SECONDARY"],
    BodyPartExamined: "ABDOMEN",
    PatientOrientation: null,
    ContentDate: date,
    ContentTime: time,
    ImageComments: comments,
    BurnedInAnnotation: burnedInAnnotation ? "YES" : "NO",
    LossyImageCompression: "00",
    SamplesPerPixel: 3,
    PhotometricInterpretation: "RGB",
    PlanarConfiguration: 0,
    Rows: height,
    Columns: width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: channels === 3 ? Uint8Array.from(data) : onWhite(data),
  };
  return { sopClass: sopClass.secondaryCapture, sopInstance, bytes: encodePart10(dataset, name) };
}

function onWhite(rgba: RgbImage["data"]): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let n = 0, at = 0; n < rgba.length; n += 4) {
    const share = rgba[n + 3] / 255;
    for (let c = 0; c < 3; c++) rgb[at++] = Math.round(255 + share * (rgba[n + c] - 255));
  }
  return rgb;
}
