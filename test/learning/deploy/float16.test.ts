import fc from "fast-check";
import { expect, test } from "vitest";
import { float16Bits } from "../../../src/learning/deploy/float16.ts";

/** V8's own half precision, from Node 24 on. */
const native = (
  globalThis as { Float16Array?: new (values: number[]) => { readonly buffer: ArrayBufferLike } }
).Float16Array;
if (!native) console.warn("skipped: this Node has no Float16Array to compare with");

test.skipIf(!native)("half precision equals V8's for every single-precision value", () => {
  const expected = (value: number) => new Uint16Array(new native!([value]).buffer)[0];
  const same = (value: number) => {
    expect(float16Bits(value)).toBe(expected(value));
  };
  fc.assert(fc.property(fc.float({ noNaN: true }), same));
  // Where rounding, subnormals and overflow begin.
  const near = fc.tuple(fc.integer({ min: 0, max: 0x7c00 }), fc.integer({ min: -2, max: 2 }));
  const half = (bits: number) => {
    const exponent = bits >> 10;
    const fraction = bits & 0x3ff;
    return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  };
  fc.assert(
    fc.property(near, ([bits, off]) => {
      const middle = Math.fround((half(bits) + half(bits + 1)) / 2);
      const value = new Float32Array(
        new Uint32Array([new Uint32Array(Float32Array.of(middle).buffer)[0] + off]).buffer,
      )[0];
      same(value);
      same(-value);
    }),
  );
});
