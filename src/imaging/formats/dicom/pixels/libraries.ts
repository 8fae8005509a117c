import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

// CommonJS bundles whose names Node cannot see from a module.
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
