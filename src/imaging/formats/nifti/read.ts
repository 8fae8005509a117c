import { access } from "node:fs/promises";
import { TrinephronError } from "../../../base/errors.ts";
import { readStart, readWhole } from "../../../base/files.ts";
import type { Volume } from "../../../numerics/volume/volume.ts";
import { decodeVolume } from "./decode.ts";
import { headerBytes } from "./fields.ts";
import { inflate, inflateStart, inflateSync, readUnpacked } from "./gzip.ts";
import { expectedBytes, type NiftiHeader, parseNiftiHeader } from "./header.ts";
import { isGzip } from "./isGzip.ts";
import { type ParseOptions, type ReadOptions, volumeOf } from "./parse.ts";

/**
 * Reads a NIfTI-1 or NIfTI-2 file: `.nii`, `.nii.gz`, or either of an `.hdr` and `.img` pair.
 * Any byte order, integers of 8 to 64 bits and floats of 32 and 64; scaled values become Float32,
 * 64-bit integers Float64. Complex, RGB, 128-bit floats, Analyze 7.5 and several images at once are refused.
 *
 * @throws E_FILE_MISSING, E_FILE_TRUNCATED, E_FORMAT, E_UNSUPPORTED, E_GEOMETRY, E_VALUE
 */
export async function readNifti(path: string, { frame, onRemark }: ReadOptions = {}): Promise<Volume> {
  const headerPath = await headerOf(path);
  const bytes = await readWhole(headerPath);
  const header = headerIn(bytes, headerPath);
  const imagePath = header.singleFile ? headerPath : await imageOf(headerPath);
  const stored = header.singleFile ? bytes : await readWhole(imagePath);
  const image = isGzip(stored) ? await inflate(stored, expectedBytes(header), imagePath) : stored;
  for (const remark of header.remarks) onRemark?.(remark);
  return decodeVolume(header, image, imagePath, frame);
}

/**
 * {@link readNifti} of bytes already in memory, compressed or not. The volume may share memory with them.
 *
 * @param name names the file in errors
 */
export function parseNifti(bytes: Uint8Array, name: string, options: ParseOptions = {}): Volume {
  const header = headerIn(bytes, name);
  const unpacked = (stored: Uint8Array) =>
    isGzip(stored) ? inflateSync(stored, expectedBytes(header), name) : stored;
  return volumeOf(header, bytes, name, options, unpacked);
}

/**
 * The header alone, without reading (or unpacking) voxels: to check many files fast.
 * @throws E_FILE_MISSING; as `parseNiftiHeader`
 */
export async function readNiftiHeader(path: string): Promise<NiftiHeader> {
  const headerPath = await headerOf(path);
  const start = await readUnpacked((length) => readStart(headerPath, length), headerBytes[2], headerPath);
  return parseNiftiHeader(start, headerPath);
}

const headerIn = (bytes: Uint8Array, name: string): NiftiHeader =>
  parseNiftiHeader(isGzip(bytes) ? inflateStart(bytes, headerBytes[2], name) : bytes, name);

/** The `.hdr` or `.hdr.gz` beside an `.img`; any other path is its own. */
async function headerOf(path: string): Promise<string> {
  return /\.img(\.gz)?$/i.test(path) ? sibling(path, ".hdr") : path;
}

async function imageOf(path: string): Promise<string> {
  if (!/\.hdr(\.gz)?$/i.test(path))
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: the header of a pair, but not named .hdr`,
      "name the pair .hdr and .img",
    );
  return sibling(path, ".img");
}

async function sibling(path: string, extension: ".hdr" | ".img"): Promise<string> {
  const [, stem, gz = ""] = /^(.*)\.(?:hdr|img)(\.gz)?$/i.exec(path)!;
  const candidates = gz
    ? [`${stem}${extension}.gz`, stem + extension]
    : [stem + extension, `${stem}${extension}.gz`];
  for (const candidate of candidates)
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  throw new TrinephronError(
    "E_FILE_MISSING",
    `${candidates[0]}: not there, but ${path} needs it`,
    "keep .hdr and .img side by side",
  );
}
