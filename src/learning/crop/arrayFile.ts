import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { writeWhole } from "../../base/files.ts";

const kinds = { float32: Float32Array, float16: Float16Array, int16: Int16Array, uint8: Uint8Array } as const;
type NumericArray = Float32Array | Float16Array | Int16Array | Uint8Array;

/** A JSON header and named arrays in one file that is either whole or known to be broken. */
export interface ArrayFile {
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, NumericArray>>;
}

/** A magic line, a JSON line, the arrays one after the other (little-endian), a SHA-256 of it all. Written atomically. */
export async function writeArrayFile(
  path: string,
  magic: string,
  { header, arrays }: ArrayFile,
): Promise<void> {
  const list = Object.entries(arrays).map(([name, values]) => [name, kindOf(values), values.length]);
  const parts = [
    Buffer.from(`${magic}\n${JSON.stringify({ header, arrays: list })}\n`),
    ...Object.values(arrays).map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)),
  ];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  await writeWhole(path, Buffer.concat([...parts, hash.digest()]));
}

/** @returns `missing` or `damaged` in place of the contents: what follows from either is the caller's to say */
export async function readArrayFile(path: string, magic: string): Promise<ArrayFile | "missing" | "damaged"> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return "missing";
  const body = file.subarray(0, -32);
  const start = magic.length + 1;
  const intact =
    file.length > 32 + start && createHash("sha256").update(body).digest().equals(file.subarray(-32));
  if (!intact || body.toString("latin1", 0, start) !== `${magic}\n`) return "damaged";
  const end = body.indexOf("\n", start);
  const { header, arrays } = JSON.parse(body.toString("utf8", start, end));
  let at = end + 1;
  const read = (arrays as [string, keyof typeof kinds, number][]).map(([name, kind, length]) => {
    const bytes = length * kinds[kind].BYTES_PER_ELEMENT;
    // A copy: the bytes in the file need not be aligned.
    const values = new kinds[kind](new Uint8Array(body.subarray(at, at + bytes)).buffer);
    at += bytes;
    return [name, values] as const;
  });
  return { header, arrays: Object.fromEntries(read) };
}

/**
 * Where each array lies in an open file, so that parts of it can be read; whether it is whole is not asked.
 * @returns by name: first byte, and bytes an element
 * @throws RangeError where the file is not of this magic
 */
export function arrayPlaces(
  descriptor: number,
  magic: string,
): Readonly<Record<string, { readonly start: number; readonly bytes: number }>> {
  const head = headOf(descriptor, magic.length + 1);
  if (!head.startsWith(`${magic}\n`)) throw new RangeError(`not a ${magic} file`);
  const { arrays } = JSON.parse(head.slice(magic.length + 1)) as {
    arrays: [string, keyof typeof kinds, number][];
  };
  let at = Buffer.byteLength(head) + 1;
  return Object.fromEntries(
    arrays.map(([name, kind, length]) => {
      const bytes = kinds[kind].BYTES_PER_ELEMENT;
      const start = at;
      at += length * bytes;
      return [name, { start, bytes }];
    }),
  );
}

/** The text up to the first line break at or after a position. */
function headOf(descriptor: number, after: number): string {
  for (let length = 2 ** 16; ; length *= 4) {
    const start = Buffer.alloc(length);
    const read = readSync(descriptor, start, 0, length, 0);
    const end = start.indexOf("\n", after);
    if (end >= 0) return start.toString("utf8", 0, end);
    if (read < length) throw new RangeError("a file without its header's end");
  }
}

const kindOf = (values: NumericArray) =>
  (Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) => values instanceof kinds[kind]);
