import type { ByteArrayParser, DataSet, Element, ByteStream as Stream } from "dicom-parser";
import * as bundle from "dicom-parser";

// A CommonJS bundle whose names Node cannot see from a module: all are in its default export.
const parser = (bundle as unknown as { readonly default: unknown })
  .default as typeof import("dicom-parser") & {
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
