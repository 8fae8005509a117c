import { createRequire } from "node:module";
import type { ByteArrayParser, DataSet, Element, ByteStream as Stream } from "dicom-parser";

const require = createRequire(import.meta.url);

// CommonJS bundles whose names Node cannot see from a module.
const parser = require("dicom-parser") as typeof import("dicom-parser") & {
  readonly DataSet: new (parser: ByteArrayParser, bytes: Uint8Array, elements: object) => DataSet;
  readonly littleEndianByteArrayParser: ByteArrayParser;
  readonly bigEndianByteArrayParser: ByteArrayParser;
  readonly findEndOfEncapsulatedElement: (stream: Stream, element: Element, warnings: string[]) => void;
};
export const { ByteStream, findEndOfEncapsulatedElement } = parser;
export const {
  DataSet: ItemSet,
  littleEndianByteArrayParser: littleEndianBytes,
  bigEndianByteArrayParser: bigEndianBytes,
} = parser;
export const { Context, NativeCodecs } = require("dcmjs-codecs") as typeof import("dcmjs-codecs");

/** CharLS compiled to WebAssembly; the package has no types. */
export interface CharLs {
  JpegLSDecoder: new () => {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  };
}
export const charLs: () => Promise<CharLs> = require("@cornerstonejs/codec-charls");
