import type { VoxelArray } from "../../../../numerics/volume/volume.ts";
import type { PixelFormat } from "./pixelFormat.ts";

/** Stored values as they are meant, and what was found to contradict the header. */
export interface StoredValues {
  readonly values: VoxelArray;
  /** What was decided, and by what. */
  readonly remark?: string;
  /** Nothing tells which of two readings is right; `values` are the standard's. */
  readonly doubt?: string;
}

type Bits = Pick<PixelFormat, "bitsAllocated" | "bitsStored" | "highBit" | "signed" | "overlays">;

/**
 * Whole values without their unused bits, the sign of fewer bits extended (PS3.5 § 8.1.1).
 * @param values as they lie in the bytes, of a signed type where the image is signed
 */
export function storedBits(values: VoxelArray, format: Bits): StoredValues {
  const { bitsAllocated, bitsStored, highBit } = format;
  if (highBit !== bitsStored - 1 && highBit < bitsAllocated) return moved(values, format);
  const unused = bitsAllocated - bitsStored;
  return unused === 0 ? { values } : withoutUnused(values, format);
}

const high = "High Bit (0028,0102)";
const stored = "Bits Stored (0028,0101)";

/** Of a High Bit that is not the stored bits' highest. Retired practice put values at the top of their words. */
function moved(values: VoxelArray, format: Bits): StoredValues {
  const { bitsStored, highBit, overlays } = format;
  const lowest = highBit + 1 - bitsStored;
  const extended = extension(format, bitsStored);
  const atBottom = values.every((v) => v === extended(v));
  if (lowest < 0) {
    const fewer = extension(format, highBit + 1);
    return atBottom && values.every((v) => v === fewer(v))
      ? { values }
      : { values, doubt: `${high} ${highBit} under ${stored} ${bitsStored}: values of more bits` };
  }
  const mask = 2 ** lowest - 1;
  const atTop = values.every((v) => (v & mask) === 0);
  if (atTop && values.every((v) => v === 0)) return { values };
  const what = `${high} ${highBit} under ${stored} ${bitsStored}`;
  if (atBottom && !atTop) return { values, remark: `${what}: values lie in the lowest bits and are read so` };
  const shifted = values.map((v) => extended(v >> lowest));
  if (!atBottom && (atTop || overlays))
    return { values: shifted, remark: `${what}: values lie from bit ${lowest} on and are read so` };
  return { values: shifted, doubt: `${what}: nothing tells where the values lie` };
}

function withoutUnused(values: VoxelArray, format: Bits): StoredValues {
  const { bitsStored, signed, overlays } = format;
  const shift = 32 - bitsStored;
  let clean = true;
  for (let i = 0; i < values.length && clean; i++)
    clean = values[i] === (signed ? (values[i] << shift) >> shift : (values[i] << shift) >>> shift);
  if (clean) return { values };
  const extended = extension(format, bitsStored);
  const top = 2 ** bitsStored;
  // Negative values whose sign stands in the unused bits too, those whose does not, and values of more bits.
  let [whole, bare, beyond] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === extended(value)) {
      if (value < 0) whole++;
    } else if (signed && value >= 0 && value < top) bare++;
    else beyond++;
  }
  const out = values.map(extended);
  if (overlays) return { values: out };
  if (beyond > 0 || (bare > 0 && whole > 0))
    return {
      values: out,
      doubt: `${beyond > 0 ? beyond : bare} of ${values.length} pixels hold more than ${stored} ${bitsStored}: cut to it`,
    };
  return {
    values: out,
    remark: `${stored} ${bitsStored}: the sign of negative values extended from its highest bit`,
  };
}

/**
 * Values of a code stream, which tells how many bits it has: they are right as far as those reach, and the header's
 * fewer bits are no more than a suggestion (PS3.5 § 8.2).
 * @param values as they come from the codec, without a sign but where the stream has one
 */
export function codedBits(values: VoxelArray, format: Bits, precision: number, sign: boolean): StoredValues {
  const { signed } = format;
  // A header that lacks them, or has none that could be, has no say.
  const bitsStored = format.bitsStored < 1 ? precision : format.bitsStored;
  const coded = { ...format, bitsAllocated: 8 * values.BYTES_PER_ELEMENT, bitsStored };
  if (sign)
    return {
      values: toSigned(values, precision),
      ...(!signed && {
        remark: `signed pixels in the stream, Pixel Representation (0028,0103) 0: read as the stream says`,
      }),
    };
  const whole = signed ? toSigned(values, precision) : values;
  if (precision < bitsStored)
    return signed && whole.some((v: number) => v < 0)
      ? {
          values,
          doubt: `${precision}-bit pixels under a signed ${stored} ${bitsStored}: nothing tells which are negative`,
        }
      : { values };
  if (precision === bitsStored) return { values: whole };
  const read = withoutUnused(whole, coded);
  if (read.doubt === undefined) return read;
  const what = `pixels of the ${precision}-bit stream hold more than ${stored} ${bitsStored}`;
  const top = 2 ** bitsStored;
  const negative = 2 ** precision - top / 2;
  return !signed && values.every((v: number) => v < top || v >= negative)
    ? { values, doubt: `${what}, as negative values would under Pixel Representation (0028,0103) 0` }
    : { values: whole, remark: `${what}: read as the stream says` };
}

/** Two's complement of this many bits. */
function toSigned(values: VoxelArray, bits: number): VoxelArray {
  const Signed = values.BYTES_PER_ELEMENT === 1 ? Int8Array : Int16Array;
  const same = new Signed(values.buffer as ArrayBuffer, values.byteOffset, values.length);
  const shift = 32 - bits;
  return bits === 8 * values.BYTES_PER_ELEMENT ? same : same.map((v) => (v << shift) >> shift);
}

/** Only these lowest bits count. */
function extension({ signed }: Bits, bits: number): (value: number) => number {
  const shift = 32 - bits;
  if (shift <= 0) return (value) => value;
  return signed ? (value) => (value << shift) >> shift : (value) => (value << shift) >>> shift;
}
