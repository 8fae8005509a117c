import { cropInto, pasteInto } from "../crop.ts";
import { voxelCount } from "../geometry.ts";
import type { Vec3 } from "../volume.ts";
import { type Box, boundingBox, boxSize, clippedBox, grownBox } from "./boundingBox.ts";
import { connectedComponents } from "./components.ts";
import { distanceTransform } from "./distance.ts";

/** Relative slack on a radius, so that Float32 rounding never drops a voxel that lies right at it. */
const slack = 1 + 1e-6;

/** The voxels (1) whose centre lies within `radius` mm of a voxel centre of the mask. */
export function dilate(mask: Uint8Array, size: Vec3, spacing: Vec3, radius: number): Uint8Array<ArrayBuffer> {
  const dilated = new Uint8Array(mask.length);
  const tight = boundingBox(mask, size);
  if (!tight) return dilated;
  const box = clippedBox(grownBox(tight, radius, spacing), size);
  const part = new Uint8Array(voxelCount({ size: boxSize(box) }));
  cropInto(part, mask, size, box);
  const distance = distanceTransform(part, boxSize(box), spacing);
  for (let n = 0; n < part.length; n++) part[n] = distance[n] <= radius * slack ? 1 : 0;
  pasteInto(dilated, size, part, box);
  return dilated;
}

/**
 * The voxels (1) of the mask with no background voxel's centre within `radius` mm.
 * What lies outside the volume is no background (as in ITK), so that organs cut by the image's edge keep that edge.
 */
export function erode(mask: Uint8Array, size: Vec3, spacing: Vec3, radius: number): Uint8Array<ArrayBuffer> {
  const eroded = new Uint8Array(mask.length);
  const tight = boundingBox(mask, size);
  if (!tight) return eroded;
  // Of all background, that within one voxel of the box is nearest to any voxel inside it.
  const box = clippedBox(grownBox(tight, 1, [1, 1, 1]), size);
  const part = new Uint8Array(voxelCount({ size: boxSize(box) }));
  cropInto(part, mask, size, box);
  const distance = distanceTransform(
    part.map((v) => (v === 0 ? 1 : 0)),
    boxSize(box),
    spacing,
  );
  for (let n = 0; n < part.length; n++) part[n] = distance[n] > radius * slack ? 1 : 0;
  pasteInto(eroded, size, part, box);
  return eroded;
}

/** Erosion, then dilation: drops what is thinner than 2 · `radius` mm. */
export function open(mask: Uint8Array, size: Vec3, spacing: Vec3, radius: number): Uint8Array<ArrayBuffer> {
  return dilate(erode(mask, size, spacing, radius), size, spacing, radius);
}

/** Dilation, then erosion: fills gaps narrower than 2 · `radius` mm. */
export function close(mask: Uint8Array, size: Vec3, spacing: Vec3, radius: number): Uint8Array<ArrayBuffer> {
  return erode(dilate(mask, size, spacing, radius), size, spacing, radius);
}

/** The mask (1) with every background component filled that no path over faces joins to the outside. */
export function fillHoles(mask: Uint8Array, size: Vec3): Uint8Array<ArrayBuffer> {
  const tight = boundingBox(mask, size);
  return tight ? filledWithin(mask, size, grownBox(tight, 1, [1, 1, 1])) : new Uint8Array(mask.length);
}

/** {@link fillHoles} in each slice k alone. */
export function fillHolesBySlice(mask: Uint8Array, size: Vec3): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(mask.length);
  const area = size[0] * size[1];
  const flat: Vec3 = [size[0], size[1], 1];
  for (let k = 0; k < size[2]; k++) {
    const slice = mask.subarray(k * area, (k + 1) * area);
    const tight = boundingBox(slice, flat);
    // No margin along k, or every hole would be open to it.
    if (tight) filled.set(filledWithin(slice, flat, grownBox(tight, 1, [1, 1, Infinity])), k * area);
  }
  return filled;
}

/** Fills what is not joined, within `box`, to its first corner. */
function filledWithin(mask: Uint8Array, size: Vec3, box: Box): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(mask.length);
  const part = new Uint8Array(voxelCount({ size: boxSize(box) }));
  cropInto(part, mask, size, box);
  for (let n = 0; n < part.length; n++) part[n] = part[n] === 0 ? 1 : 0;
  const { labels } = connectedComponents(part, boxSize(box), 6);
  const outside = labels[0];
  for (let n = 0; n < part.length; n++) part[n] = labels[n] === outside ? 0 : 1;
  pasteInto(filled, size, part, box);
  return filled;
}
