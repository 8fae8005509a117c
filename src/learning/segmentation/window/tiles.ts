import { TrinephronError } from "../../../base/errors.ts";
import { roundHalfEven } from "./roundHalfEven.ts";
import type { Extent } from "./tileModel.ts";

/** Where the tiles of an image lie and what each of their voxels counts. */
export interface TileWindow {
  readonly patch: Extent;
  /** First voxel of the tiles along depth, height and width; below 0 where the image is smaller than a tile. */
  readonly starts: readonly [readonly number[], readonly number[], readonly number[]];
  /** Of each voxel of a tile, above 0. */
  readonly importance: Float32Array;
}

/**
 * First voxels of nnU-Net's tiles along one axis (`compute_steps_for_sliding_window`): as few as leave no more than
 * `step` · patch between neighbours, evenly spread. An image smaller than the patch lies in the middle of one tile.
 *
 * @param step share of the patch, in (0, 1]
 */
export function nnunetStarts(length: number, patch: number, step: number): number[] {
  mustBe(step > 0 && step <= 1, `a step of ${step}: more than 0, no more than 1`);
  if (length <= patch) return [middle(length, patch)];
  const count = Math.ceil((length - patch) / (patch * step)) + 1;
  const interval = (length - patch) / (count - 1);
  return Array.from({ length: count }, (_, n) => roundHalfEven(interval * n));
}

/**
 * First voxels of MONAI's tiles along one axis (`dense_patch_slices`): every int(patch · (1 − overlap)), the last drawn
 * back to end with the image. An image smaller than the patch lies in the middle of one tile.
 *
 * @param overlap share of the patch, in [0, 1)
 */
export function monaiStarts(length: number, patch: number, overlap: number): number[] {
  mustBe(overlap >= 0 && overlap < 1, `an overlap of ${overlap}: at least 0, less than 1`);
  if (length <= patch) return [middle(length, patch)];
  const interval = Math.max(1, Math.trunc(patch * (1 - overlap)));
  const count = Math.ceil((length - patch) / interval) + 1;
  return Array.from({ length: count }, (_, n) => Math.min(n * interval, length - patch));
}

/** Where a tile begins that has a smaller image in its middle. */
const middle = (length: number, patch: number) => 0 - Math.floor((patch - length) / 2);

function mustBe(fits: boolean, what: string): void {
  if (!fits) throw new TrinephronError("E_USAGE", what);
}
