import { TrinephronError } from "../../../base/errors.ts";
import type { Volume } from "../../../numerics/volume/volume.ts";
import { decodeVolume } from "./decode.ts";
import type { NiftiHeader } from "./header.ts";

/** Which image of a file is read. */
export interface ReadOptions {
  /** Which 3D image of a file with more dimensions, from 0; the third dimension's successor runs fastest. */
  readonly frame?: number;
  /** Told what a user must know of where the voxels lie, a sentence each, without the file's name. */
  readonly onRemark?: ((remark: string) => void) | undefined;
}

/** What the bytes of a file do not say by themselves. */
export interface ParseOptions extends ReadOptions {
  /** The bytes of the `.img` (or `.img.gz`) that belongs to an `.hdr`. */
  readonly image?: Uint8Array;
}

/**
 * The image of bytes already in memory, whose header is read. The volume may share memory with them.
 *
 * @param unpacked of bytes that may be compressed
 * @throws as `decodeVolume`; E_FORMAT for a header of a pair alone
 */
export function volumeOf(
  header: NiftiHeader,
  bytes: Uint8Array,
  name: string,
  { frame, image, onRemark }: ParseOptions = {},
  unpacked: (stored: Uint8Array) => Uint8Array = (stored) => stored,
): Volume {
  const stored = header.singleFile ? bytes : image;
  if (!stored)
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: the header of a pair; the voxels lie in an .img file`,
      "give both",
    );
  for (const remark of header.remarks) onRemark?.(remark);
  return decodeVolume(header, unpacked(stored), name, frame);
}
