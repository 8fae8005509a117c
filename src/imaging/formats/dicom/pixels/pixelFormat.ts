import type { DataSet } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import { framesIn, isSigned } from "../file/header.ts";
import { reading } from "../file/reading.ts";
import { wholeNumberOf } from "../values/number.ts";

/** How pixel values are stored (PS3.3 C.7.6.3). */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  /** Place of the highest stored bit, from 0. */
  readonly highBit: number;
  readonly signed: boolean;
  /** Whether the header says so: without Pixel Representation nothing tells negative values from great ones. */
  readonly signKnown: boolean;
  /** Bits beside the stored ones are the planes of an overlay (PS3.3 C.9.2, retired). */
  readonly overlays: boolean;
  /** 32- or 64-bit floating point (PS3.3 C.7.6.24, C.7.6.25). */
  readonly float: boolean;
}

/**
 * @param codedDepth the compressed frames say themselves how many bits a pixel has: what the header says need not fit
 * @throws E_FORMAT where the image has no pixels or attributes that contradict each other, E_UNSUPPORTED for colour and
 * for sizes no image has, E_VALUE for a number of frames that is none
 */
export function pixelFormat(dataSet: DataSet, name: string, codedDepth = false): PixelFormat {
  const { elements } = dataSet;
  const to = reading(name);
  const whole = (tag: string) => wholeNumberOf(dataSet, tag, to);
  const float = "x7fe00008" in elements || "x7fe00009" in elements;
  if (!float && !("x7fe00010" in elements)) throw new TrinephronError("E_FORMAT", `${name}: no pixels in it`);
  const [rows, columns] = [whole("x00280010") ?? 0, whole("x00280011") ?? 0];
  const frames = framesIn(dataSet, to);
  const samples = whole("x00280002") ?? 1;
  const photometric = (dataSet.string("x00280004") ?? "MONOCHROME2").trim();
  const bitsAllocated = whole("x00280100") ?? 0;
  const bitsStored = whole("x00280101") ?? bitsAllocated;
  // The values of a label map are segment numbers, whatever colours they are shown in.
  const labels = dataSet.string("x00620001")?.trim() === "LABELMAP";
  if (samples !== 1 || (!photometric.startsWith("MONOCHROME") && !labels))
    throw new TrinephronError("E_UNSUPPORTED", `${name}: a colour image (${photometric})`);
  if (rows === 0 || columns === 0)
    throw new TrinephronError("E_FORMAT", `${name}: an image of ${rows} × ${columns}`);
  if (!(frames >= 1)) throw new TrinephronError("E_FORMAT", `${name}: ${frames} frames`);
  const highBit = whole("x00280102") ?? bitsStored - 1;
  const signed = isSigned(dataSet, to);
  const signKnown = (elements.x00280103?.length ?? 0) > 0;
  const overlays = overlaysWithin(dataSet);
  const all = { rows, columns, frames, samples, photometric, bitsAllocated, bitsStored, highBit };
  if (codedDepth) return { ...all, signed, signKnown, overlays, float };
  if (![1, 8, 16, 32, 64].includes(bitsAllocated))
    throw new TrinephronError("E_UNSUPPORTED", `${name}: ${bitsAllocated} bits a pixel`);
  if (bitsStored < 1 || bitsStored > bitsAllocated)
    throw new TrinephronError("E_FORMAT", `${name}: ${bitsStored} bits stored in ${bitsAllocated}`);
  return { ...all, signed, signKnown, overlays, float };
}

/** Whether an overlay plane has a place in the pixels: group 60xx without data of its own. */
const overlaysWithin = (dataSet: DataSet): boolean =>
  Object.keys(dataSet.elements).some(
    (tag) => /^x60..0102$/.test(tag) && !(`${tag.slice(0, 5)}3000` in dataSet.elements),
  );
