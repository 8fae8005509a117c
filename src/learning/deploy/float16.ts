const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 half precision, rounded to nearest, ties to even; beyond ±65504 infinite. */
export function float16Bits(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = bits[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Normal: 13 bits of the significand go; the exponent's bias falls from 127 to 15.
    const odd = (magnitude >>> 13) & 1;
    return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
  }
  // Subnormal, in steps of 2⁻²⁴; exact in double precision.
  const steps = Math.abs(float[0]) * 2 ** 24;
  const floor = Math.floor(steps);
  const rest = steps - floor;
  return sign | (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
}

/** Values as half precision, as ONNX stores them. */
export const toFloat16 = (values: Float32Array): Uint16Array => Uint16Array.from(values, float16Bits);
