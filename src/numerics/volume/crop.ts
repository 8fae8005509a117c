import { indexToPoint } from "./geometry.ts";
import { type Box, boxSize, clippedBox } from "./shape/boundingBox.ts";
import type { Geometry, Vec3, Volume, VoxelArray } from "./volume.ts";
import { arrayLike } from "./voxels.ts";

/** The voxels of `box` as a volume of its own, in place in the patient; where the box reaches outside, `fill`. */
export function crop<T extends VoxelArray>(volume: Volume<T>, box: Box, fill = 0): Volume<T> {
  const size = boxSize(box);
  const data = arrayLike(volume.data, size[0] * size[1] * size[2]);
  if (fill !== 0) data.fill(fill);
  cropInto(data, volume.data, volume.size, box);
  return { ...croppedGeometry(volume, box), data };
}

/** The grid of `box` within a grid. */
export function croppedGeometry(geometry: Geometry, box: Box): Geometry {
  const { spacing, direction } = geometry;
  return { size: boxSize(box), spacing, direction, origin: indexToPoint(geometry, box.start) };
}

/** Copies the voxels of `box` into `target`, an array of the box' size of any type; leaves the rest of it as it is. */
export function cropInto(target: VoxelArray, source: VoxelArray, size: Vec3, box: Box): void {
  const [nx, ny] = size;
  const [mx, my] = boxSize(box);
  const { start, end } = clippedBox(box, size);
  if (start[0] >= end[0]) return;
  for (let k = start[2]; k < end[2]; k++)
    for (let j = start[1]; j < end[1]; j++) {
      const row = nx * (j + ny * k);
      const at = mx * (j - box.start[1] + my * (k - box.start[2])) - box.start[0];
      target.set(source.subarray(row + start[0], row + end[0]), at + start[0]);
    }
}

/** The reverse of {@link cropInto}: puts the voxels of `box` back where they belong, dropping what lies outside. */
export function pasteInto(target: VoxelArray, size: Vec3, source: VoxelArray, box: Box): void {
  const [nx, ny] = size;
  const [mx, my] = boxSize(box);
  const { start, end } = clippedBox(box, size);
  if (start[0] >= end[0]) return;
  for (let k = start[2]; k < end[2]; k++)
    for (let j = start[1]; j < end[1]; j++) {
      const row = nx * (j + ny * k);
      const at = mx * (j - box.start[1] + my * (k - box.start[2])) - box.start[0];
      target.set(source.subarray(at + start[0], at + end[0]), row + start[0]);
    }
}
