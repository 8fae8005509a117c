import { TrinephronError } from "../../../base/errors.ts";

/** An array as NumPy saves it, in the order of its memory: the last axis runs fastest. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Whole numbers of 64 bits become numbers; booleans 0 and 1. */
  readonly data: NpyData;
}
type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** By `descr` without its byte order. */
const kinds = {
  b1: Uint8Array,
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;
const wide = { u8: BigUint64Array, i8: BigInt64Array } as const;

const magic = "\x93NUMPY";

/**
 * Reads the bytes of a `.npy` file (NEP 1; formats 1 to 3).
 * @param path named in errors
 * @throws E_FORMAT for what is no such file; E_FILE_TRUNCATED where it ends early; E_UNSUPPORTED for objects, text,
 * records, complex numbers, big-endian numbers and Fortran order
 */
export function parseNpy(bytes: Uint8Array, path: string): NpyArray {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString("latin1", 0, magic.length) !== magic)
    throw new TrinephronError("E_FORMAT", `${path}: not a NumPy array (.npy)`, "save it with numpy.save");
  if (file.length < 12) throw truncated(path);
  const start = file[6] === 1 ? 10 : 12;
  const end = start + (file[6] === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8));
  if (end > file.length) throw truncated(path);
  const { descr, shape } = headerOf(file.toString("latin1", start, end), path);
  const count = shape.reduce((product, n) => product * n, 1);
  const kind = descr.slice(1);
  const Kind = { ...kinds, ...wide }[kind as keyof typeof kinds];
  if (!Kind || (descr[0] === ">" && Kind.BYTES_PER_ELEMENT > 1))
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${path}: numbers of the kind ${descr}`,
      "save whole or floating-point numbers, little-endian",
    );
  const length = count * Kind.BYTES_PER_ELEMENT;
  if (file.length - end < length) throw truncated(path);
  // A copy: the bytes in the file need not be aligned.
  const values = new Kind(new Uint8Array(file.subarray(end, end + length)).buffer);
  const isWide = kind in wide;
  return { shape, data: isWide ? Float64Array.from(values as ArrayLike<unknown>, Number) : values };
}

/** The Python dictionary of a header. */
function headerOf(text: string, path: string): { descr: string; shape: number[] } {
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (shape === undefined || order === undefined)
    throw new TrinephronError("E_FORMAT", `${path}: its header is not understood`);
  if (descr === undefined)
    throw new TrinephronError("E_UNSUPPORTED", `${path}: an array of records`, "save one array a file");
  if (order === "True")
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${path}: in Fortran order`,
      "save numpy.ascontiguousarray of it",
    );
  return { descr, shape: (shape.match(/\d+/g) ?? []).map(Number) };
}

const truncated = (path: string) =>
  new TrinephronError("E_FILE_TRUNCATED", `${path}: ends before its header says it should`, "get it again");
