import { free } from "../../../base/free.ts";
import { pasteInto } from "../../../numerics/volume/crop.ts";
import {
  type Box,
  boxSize,
  type Vec3,
  type Volume,
  type VoxelArray,
  voxelCount,
} from "../../../numerics/volume/index.ts";
import { copyStrided } from "../../../numerics/volume/voxels.ts";
import type { Extent } from "../window/tileModel.ts";

/** Which part of an image a network reads, and along which of its axes. */
export interface Placement {
  readonly box: Box;
  /** The image's axis (0 i, 1 j, 2 k) that is the network's depth, height and width. */
  readonly axes: Vec3;
}

/** Voxels of the part along the network's axes. */
export function extentOf({ box, axes }: Placement): Extent {
  const size = boxSize(box);
  return [size[axes[0]], size[axes[1]], size[axes[2]]];
}

/** The voxels of the part in the network's order, [D, H, W]. */
export function gathered<T extends VoxelArray>(
  { data, size }: Pick<Volume<T>, "data" | "size">,
  place: Placement,
): T {
  const [depth, height, width] = extentOf(place);
  const strides = [1, size[0], size[0] * size[1]];
  const [d, h, w] = place.axes.map((axis) => strides[axis]);
  const base = place.box.start.reduce((sum, at, axis) => sum + at * strides[axis], 0);
  return copyStrided(data, [width, height, depth], base, [w, h, d]);
}

/** {@link gathered} as numbers of single precision. */
export function gatheredFloats(volume: Volume, place: Placement): Float32Array<ArrayBuffer> {
  const data = gathered(volume, place);
  return data instanceof Float32Array ? (data as Float32Array<ArrayBuffer>) : new Float32Array(data);
}

/** Channels one after the other; those given are empty afterwards, but for a single one, which is the result. */
export function joined(channels: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  if (channels.length === 1) return channels[0];
  const all = new Float32Array(channels.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const channel of channels) {
    all.set(channel, end);
    end += channel.length;
    free(channel);
  }
  return all;
}

/** Labels [D, H, W] of the part as labels of a whole image of `size`, 0 elsewhere. */
export function scattered(labels: Uint8Array, place: Placement, size: Vec3): Uint8Array<ArrayBuffer> {
  const [, height, width] = extentOf(place);
  // The stride in the network's order of each of the image's axes.
  const strides = [height * width, width, 1];
  const along = (axis: number) => strides[place.axes.indexOf(axis)];
  const whole = new Uint8Array(voxelCount({ size }));
  const part = copyStrided(labels, boxSize(place.box), 0, [along(0), along(1), along(2)]);
  pasteInto(whole, size, part, place.box);
  return whole;
}
