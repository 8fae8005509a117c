/** How a frame's bytes become pixel values. */
export type Coding = "native" | "rle" | "jpeg" | "jpeg-ls" | "jpeg-2000" | "ht-jpeg-2000" | "deflated";

export interface TransferSyntax {
  readonly name: string;
  readonly coding: Coding;
  readonly bigEndian?: true;
}

/** Transfer syntaxes that are read, by UID (PS3.6 annex A). */
const known: Readonly<Record<string, TransferSyntax>> = {
  "1.2.840.10008.1.2": { name: "Implicit VR Little Endian", coding: "native" },
  "1.2.840.10008.1.2.1": { name: "Explicit VR Little Endian", coding: "native" },
  "1.2.840.10008.1.2.1.99": { name: "Deflated Explicit VR Little Endian", coding: "native" },
  "1.2.840.10008.1.2.2": { name: "Explicit VR Big Endian", coding: "native", bigEndian: true },
  "1.2.840.10008.1.2.5": { name: "RLE Lossless", coding: "rle" },
  "1.2.840.10008.1.2.4.50": { name: "JPEG Baseline (Process 1)", coding: "jpeg" },
  "1.2.840.10008.1.2.4.51": { name: "JPEG Extended (Process 2 & 4)", coding: "jpeg" },
  "1.2.840.10008.1.2.4.57": { name: "JPEG Lossless (Process 14)", coding: "jpeg" },
  "1.2.840.10008.1.2.4.70": { name: "JPEG Lossless (Process 14, SV1)", coding: "jpeg" },
  "1.2.840.10008.1.2.4.80": { name: "JPEG-LS Lossless", coding: "jpeg-ls" },
  "1.2.840.10008.1.2.4.81": { name: "JPEG-LS Near-Lossless", coding: "jpeg-ls" },
  "1.2.840.10008.1.2.4.90": { name: "JPEG 2000 (Lossless Only)", coding: "jpeg-2000" },
  "1.2.840.10008.1.2.4.91": { name: "JPEG 2000", coding: "jpeg-2000" },
  "1.2.840.10008.1.2.8.1": { name: "Deflated Image Frame Compression", coding: "deflated" },
  "1.2.840.10008.1.2.4.201": { name: "High-Throughput JPEG 2000 (Lossless Only)", coding: "ht-jpeg-2000" },
  "1.2.840.10008.1.2.4.202": {
    name: "High-Throughput JPEG 2000 RPCL (Lossless Only)",
    coding: "ht-jpeg-2000",
  },
  "1.2.840.10008.1.2.4.203": { name: "High-Throughput JPEG 2000", coding: "ht-jpeg-2000" },
};

/** Undefined for one that is not read. */
export const transferSyntax = (uid: string): TransferSyntax | undefined => known[uid];
