import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TrinephronError } from "../../../../src/base/errors.ts";
import { encodeNifti, parseNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { voxelCount } from "../../../../src/numerics/volume/index.ts";

const plain = encodeNifti({
  size: [5, 4, 3],
  spacing: [0.7, 0.8, 2.5],
  origin: [1, 2, 3],
  direction: [
    [0, 0, -1],
    [0, 1, 0],
    [-1, 0, 0],
  ],
  data: Int16Array.from({ length: 60 }, (_, n) => n * n),
});
const packed = gzipSync(plain);

/** A volume that is whole and in some place, or a coded error with advice; nothing else. */
function expectSound(bytes: Uint8Array): void {
  try {
    const volume = parseNifti(bytes, "fuzzed.nii");
    expect(volume.data.length).toBe(voxelCount(volume));
    const numbers = [...volume.spacing, ...volume.origin, ...volume.direction.flat()];
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(volume.spacing.every((s) => s > 0)).toBe(true);
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    expect(error.message).toContain("fuzzed.nii");
  }
}

const edits = (length: number) =>
  fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });

describe("parseNifti of damaged bytes", () => {
  it.each([
    ["plain", plain, plain.length],
    ["plain, header alone", plain, 348],
    ["compressed", packed, packed.length],
  ])("gives a volume or a coded error (%s)", (_, original, length) => {
    fc.assert(
      fc.property(edits(length), fc.option(fc.nat(original.length)), (changes, cut) => {
        const bytes = Uint8Array.from(original);
        for (const [at, value] of changes) bytes[at] = value;
        expectSound(cut !== null && cut % 4 === 0 ? bytes.subarray(0, cut) : bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives a coded error for anything else", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), expectSound), { numRuns: 500 });
  });
});
