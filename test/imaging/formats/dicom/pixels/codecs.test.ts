import { describe, expect, test } from "vitest";
import { codestreamSize } from "../../../../../src/imaging/formats/dicom/pixels/codestream.ts";
import { decodeFrame } from "../../../../../src/imaging/formats/dicom/pixels/decodeFrame.ts";
import type { PixelFormat } from "../../../../../src/imaging/formats/dicom/pixels/pixelFormat.ts";

const format: PixelFormat = {
  rows: 2,
  columns: 3,
  frames: 1,
  samples: 1,
  photometric: "MONOCHROME2",
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  signed: false,
  signKnown: true,
  overlays: false,
  float: false,
};

/** One segment: its offset, then a literal run of six bytes (PS3.5 annex G). */
function rle(values: readonly number[]): Uint8Array {
  const header = new Uint32Array(16);
  header.set([1, 64]);
  return Buffer.concat([Buffer.from(header.buffer), Buffer.from([values.length - 1, ...values, 0x80])]);
}

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

describe("a codec", () => {
  test("that runs for ever is stopped; the next frame is decoded", async () => {
    // libjpeg never ends on this: SOI, TEM and bytes that are no marker.
    const endless = bytes("ffd8 ff01 0101 0101");
    await expect(decodeFrame(endless, "jpeg", format, "slice.dcm", 1)).rejects.toMatchObject({
      code: "E_FORMAT",
      message: "slice.dcm: jpeg pixels that cannot be decoded: no result after 1 s",
    });
    const values = [1, 2, 3, 250, 251, 252];
    expect([...(await decodeFrame(rle(values), "rle", format, "slice.dcm"))].slice(0, 6)).toEqual(values);
  });

  test("is not asked for more memory than the header's size needs", async () => {
    const huge = bytes("ffd8 ffc0 000b 08 ffff ffff 01 011100 ffd9");
    await expect(decodeFrame(huge, "jpeg", format, "slice.dcm")).rejects.toMatchObject({
      code: "E_FORMAT",
      message: expect.stringContaining("65535 × 65535 × 1 in the stream, 3 × 2 × 1 in the header"),
    });
  });

  test("that refuses many streams at a time refuses each with a code", async () => {
    const codings = ["rle", "jpeg", "jpeg-ls", "jpeg-2000", "ht-jpeg-2000", "deflated"] as const;
    const outcomes = await Promise.allSettled(
      [...codings, ...codings].map((coding) => decodeFrame(bytes("ff00 1234"), coding, format, coding)),
    );
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "E_FORMAT" } });
  });
});

describe("the size in a codestream", () => {
  test.each([
    // The frame header comes after other segments, one with fill bytes in front of it.
    ["jpeg", "ffd8 ffe0 0004 0000 ffff db 0003 00 ffc3 000b 0c 0010 0020 01 01 11 00"],
    ["jpeg-ls", "ffd8 fff7 000b 10 0010 0020 01 01 11 00"],
    [
      "jpeg-2000",
      "ff4f ff51 0029 0000 00000022 00000011 00000002 00000001 00000020 00000010 00000000 00000000 0001 0f0101",
    ],
  ] as const)("of %s", (coding, hex) => {
    expect(codestreamSize(bytes(hex), coding)).toEqual({
      rows: 16,
      columns: 32,
      samples: 1,
      precision: coding === "jpeg" ? 12 : 16,
      ...(coding === "jpeg-2000" && { signed: false }),
    });
  });

  test("is unknown where the stream ends before it", () => {
    for (const coding of ["jpeg", "jpeg-ls", "jpeg-2000", "ht-jpeg-2000", "rle"] as const)
      for (const hex of ["", "ff", "ffd8", "ffd8 ffe0 0000", "ff4f ff51 0029"])
        expect(codestreamSize(bytes(hex), coding)).toBeUndefined();
  });
});
