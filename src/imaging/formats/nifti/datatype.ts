import type { VoxelArray } from "../../../numerics/volume/volume.ts";

interface DataType {
  readonly name: string;
  /** Bytes a voxel. */
  readonly bytes: 1 | 2 | 4 | 8;
  /** Reads whole, aligned voxels in the machine's byte order. 64-bit integers become the nearest Float64. */
  readonly view: (buffer: ArrayBufferLike, offset: number, length: number) => VoxelArray;
}

/** NIfTI's `datatype` codes that are read here. */
export const dataTypes: Readonly<Record<number, DataType>> = {
  2: { name: "uint8", bytes: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
  4: { name: "int16", bytes: 2, view: (b, o, n) => new Int16Array(b, o, n) },
  8: { name: "int32", bytes: 4, view: (b, o, n) => new Int32Array(b, o, n) },
  16: { name: "float32", bytes: 4, view: (b, o, n) => new Float32Array(b, o, n) },
  64: { name: "float64", bytes: 8, view: (b, o, n) => new Float64Array(b, o, n) },
  256: { name: "int8", bytes: 1, view: (b, o, n) => new Int8Array(b, o, n) },
  512: { name: "uint16", bytes: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
  768: { name: "uint32", bytes: 4, view: (b, o, n) => new Uint32Array(b, o, n) },
  1024: { name: "int64", bytes: 8, view: (b, o, n) => Float64Array.from(new BigInt64Array(b, o, n), Number) },
  1280: {
    name: "uint64",
    bytes: 8,
    view: (b, o, n) => Float64Array.from(new BigUint64Array(b, o, n), Number),
  },
};

/** Codes that NIfTI knows and we refuse. */
export const refusedDataTypes: Readonly<Record<number, string>> = {
  1: "binary",
  32: "complex64",
  128: "RGB24",
  1536: "float128",
  1792: "complex128",
  2048: "complex256",
  2304: "RGBA32",
};

/** The code and name an array is written as. */
export function dataTypeOf(data: VoxelArray): { code: number; bytes: number } {
  const name = data.constructor.name.replace("Array", "").toLowerCase();
  const [code, { bytes }] = Object.entries(dataTypes).find(([, type]) => type.name === name)!;
  return { code: Number(code), bytes };
}
