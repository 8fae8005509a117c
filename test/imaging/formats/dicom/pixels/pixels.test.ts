import { expect, test } from "vitest";
import { parseDataSet } from "../../../../../src/imaging/formats/dicom/file/parse.ts";
import { openPixels } from "../../../../../src/imaging/formats/dicom/pixels/pixels.ts";

/** An element of explicit VR big endian. */
function element(group: number, id: number, vr: string, value: Buffer): Buffer {
  const long = vr === "OW";
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16BE(group, 0);
  head.writeUInt16BE(id, 2);
  head.write(vr, 4, "latin1");
  if (long) head.writeUInt32BE(value.length, 8);
  else head.writeUInt16BE(value.length, 6);
  return Buffer.concat([head, value]);
}

const us = (id: number, value: number) => element(0x28, id, "US", Buffer.from([value >> 8, value & 255]));

/** Three frames of one row of three 8-bit pixels, 1 to 9, in 16-bit words whose bytes big endian swaps (PS3.5 § 8.1.1). */
function oddFrames(words: readonly number[]) {
  const syntax = Buffer.from("1.2.840.10008.1.2.2\0");
  const meta = Buffer.concat([
    Buffer.from([2, 0, 0x10, 0, 0x55, 0x49, syntax.length, 0]), // little endian, as every file's meta group
    syntax,
  ]);
  const body = [
    element(0x28, 8, "IS", Buffer.from("3 ")),
    ...[us(0x10, 1), us(0x11, 3), us(0x100, 8), us(0x101, 8), us(0x103, 0)],
    element(0x7fe0, 0x10, "OW", Buffer.from(words)),
  ];
  const bytes = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), meta, ...body]);
  return openPixels(parseDataSet(bytes, "odd.dcm"), "odd.dcm");
}

test("8-bit pixels of VR OW, big endian: pairs are swapped over the ends of odd frames", async () => {
  const { frame } = oddFrames([2, 1, 4, 3, 6, 5, 8, 7, 0, 9]);
  expect([...(await frame(0)), ...(await frame(1)), ...(await frame(2))]).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
});

test("without the byte that fills the last word they are cut short", () => {
  expect(() => oddFrames([2, 1, 4, 3, 6, 5, 8, 7])).toThrow(
    expect.objectContaining({ code: "E_FILE_TRUNCATED" }),
  );
});
