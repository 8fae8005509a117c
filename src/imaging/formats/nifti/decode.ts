import { TrinephronError } from "../../../base/errors.ts";
import type { Volume, VoxelArray } from "../../../numerics/volume/volume.ts";
import { swapBytes } from "../swapBytes.ts";
import { dataTypes } from "./datatype.ts";
import { describe, expectedBytes, frameBytes, type NiftiHeader, slack } from "./header.ts";

/** Whether this machine keeps the lowest byte first. */
export const littleEndianHost = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * One 3D image of the bytes that hold the voxels.
 * The volume may share memory with `bytes`.
 *
 * @param frame which of several images, from 0
 * @throws E_FILE_TRUNCATED, E_FORMAT, E_UNSUPPORTED where there are several and no frame is chosen, E_VALUE
 */
export function decodeVolume(
  header: NiftiHeader,
  bytes: Uint8Array,
  name: string,
  frame: number | undefined,
): Volume {
  const { size, spacing, origin, direction, frames } = header;
  mustFit(header, bytes, name);
  if (frames > 1 && frame === undefined)
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${name}: ${describe(header)} holds ${frames} images, not one`,
      "split it, or choose a frame",
    );
  const chosen = frame ?? 0;
  if (!Number.isInteger(chosen) || chosen < 0 || chosen >= frames)
    throw new TrinephronError("E_VALUE", `${name}: no frame ${chosen}; it has 0 to ${frames - 1}`);
  const data = scaled(voxels(header, bytes, chosen), header);
  return { size, spacing, origin, direction, data };
}

function mustFit(header: NiftiHeader, bytes: Uint8Array, name: string): void {
  const expected = expectedBytes(header);
  const sizes = `${bytes.length} bytes, but ${describe(header)} takes ${expected}`;
  if (bytes.length < expected)
    throw new TrinephronError("E_FILE_TRUNCATED", `${name}: ${sizes}`, "copy or download it again");
  if (bytes.length > expected + slack)
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: ${sizes}`,
      "its header is damaged: copy or export it again",
    );
}

function voxels(header: NiftiHeader, bytes: Uint8Array, frame: number): VoxelArray {
  const { datatype, bytesPerVoxel, littleEndian, dataOffset } = header;
  const length = frameBytes(header);
  const start = dataOffset + frame * length;
  let part = bytes.subarray(start, start + length);
  const swap = bytesPerVoxel > 1 && littleEndian !== littleEndianHost;
  if (swap || part.byteOffset % bytesPerVoxel !== 0) part = new Uint8Array(part);
  if (swap) swapBytes(part, bytesPerVoxel);
  return dataTypes[datatype].view(part.buffer, part.byteOffset, length / bytesPerVoxel);
}

function scaled(data: VoxelArray, { slope, intercept }: NiftiHeader): VoxelArray {
  if (slope === 1 && intercept === 0) return data;
  const values = new Float32Array(data.length);
  for (let n = 0; n < data.length; n++) values[n] = slope * data[n] + intercept;
  return values;
}
