import { deflateRawSync } from "node:zlib";
import { Context, NativeCodecs } from "../../../../../src/imaging/formats/dicom/pixels/libraries.ts";
import { dicomKinds, eachFile, isCt, type Mutation } from "../mutation.ts";
import { type Study, truth } from "../study.ts";
import { bytesOf, storedOf } from "./storedValues.ts";

const compressed = (study: Study, syntax: string, frame: (words: Uint16Array) => Uint8Array): Study =>
  eachFile(
    study,
    (file) => ({
      ...file,
      encoding: { ...file.encoding, syntax, frames: [frame(storedOf(file.dataSet))] },
    }),
    isCt,
  );

/** RLE of words: a segment of the upper and one of the lower bytes (PS3.5 Annex G), each a row of literal runs. */
function runs(words: Uint16Array): Uint8Array {
  const bytes = bytesOf(words);
  const segments = [1, 0].map((at) => {
    const plane = Array.from({ length: words.length }, (_, n) => bytes[2 * n + at]);
    const out: number[] = [];
    for (let n = 0; n < plane.length; n += 128) {
      const part = plane.slice(n, n + 128);
      const equal = part.every((byte) => byte === part[0]) && part.length > 1;
      out.push(...(equal ? [257 - part.length, part[0]] : [part.length - 1, ...part]));
    }
    if (out.length % 2 === 1) out.push(0);
    return Buffer.from(out);
  });
  const head = Buffer.alloc(64);
  head.writeUInt32LE(2, 0);
  head.writeUInt32LE(64, 4);
  head.writeUInt32LE(64 + segments[0].length, 8);
  return Buffer.concat([head, ...segments]);
}

await NativeCodecs.initializeAsync();

type Encoder = (context: InstanceType<typeof Context>) => InstanceType<typeof Context>;

/** By the codecs of dcmjs-codecs, without loss. */
function coded(study: Study, syntax: string, encode: Encoder): Study {
  const { size } = truth.phases.nephrographic;
  return compressed(
    study,
    syntax,
    (words) =>
      encode(
        new Context({
          ...{ width: size[0], height: size[1], bitsAllocated: 16, bitsStored: 16, samplesPerPixel: 1 },
          ...{ pixelRepresentation: 0, planarConfiguration: 0, photometricInterpretation: "MONOCHROME2" },
          decodedBuffer: Uint8Array.from(bytesOf(words)),
        }),
      ).getEncodedBuffer()!,
  );
}

/** The same pixels compressed. */
export const transferSyntaxes: readonly Mutation[] = [
  {
    name: "RLE",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => compressed(study, "1.2.840.10008.1.2.5", runs),
  },
  {
    name: "deflated frames",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => compressed(study, "1.2.840.10008.1.2.8.1", (words) => deflateRawSync(bytesOf(words))),
  },
  {
    name: "JPEG without loss",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const predictor = 1 + draw.integer(7);
      const syntax = predictor === 1 ? "1.2.840.10008.1.2.4.70" : "1.2.840.10008.1.2.4.57";
      return coded(study, syntax, (context) => NativeCodecs.encodeJpeg(context, { lossy: false, predictor }));
    },
  },
  {
    name: "JPEG-LS",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      coded(study, "1.2.840.10008.1.2.4.80", (context) =>
        NativeCodecs.encodeJpegLs(context, { lossy: false }),
      ),
  },
  {
    name: "JPEG 2000",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const progressionOrder = draw.integer(5);
      return coded(study, "1.2.840.10008.1.2.4.90", (context) =>
        NativeCodecs.encodeJpeg2000(context, { lossy: false, progressionOrder }),
      );
    },
  },
  {
    name: "High-Throughput JPEG 2000",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      coded(study, "1.2.840.10008.1.2.4.201", (context) =>
        NativeCodecs.encodeHtJpeg2000(context, { lossy: false }),
      ),
  },
  {
    name: "compressed pixels under an uncompressed transfer syntax",
    of: dicomKinds,
    ends: ["refused"],
    says: /compressed pixels under/,
    apply: (study) => compressed(study, "1.2.840.10008.1.2.1", runs),
  },
];
