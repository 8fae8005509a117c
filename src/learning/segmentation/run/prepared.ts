import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { Taps } from "../../../numerics/volume/resample/separable.ts";
import { type ClassSlice, resampledSlices } from "../window/resampledSlices.ts";
import { type Slab, slidingWindow } from "../window/slidingWindow.ts";
import { type Extent, type TileModel, type TileShape, voxelsOf } from "../window/tileModel.ts";
import type { TileWindow } from "../window/tiles.ts";
import type { Classes } from "./classes.ts";
import { extentOf, type Placement, scattered } from "./placement.ts";
import type { Corners } from "./region.ts";

/** What may be asked of a run besides what a model says of itself. */
export interface RunOptions {
  /** Distance of neighbouring tiles, share of a tile; nnU-Net's default is 0.5, a MONAI bundle has its own overlap. */
  readonly step?: number | undefined;
  /** The part of the patient that is looked at; what surrounds it is added, up to one tile. */
  readonly box?: Corners | undefined;
}

/** An image as a network reads it, and the way back. */
export interface Prepared {
  /** [C, D, H, W]. */
  readonly image: Float32Array;
  readonly shape: TileShape;
  readonly window: TileWindow;
  /** From the network's grid to that of the part of the image it reads, along depth, height and width. */
  readonly taps: readonly [Taps, Taps, Taps];
  readonly place: Placement;
  /** What becomes of the logits, in place, before they are brought back. */
  readonly activation?: ((slab: Slab) => void) | undefined;
}

/**
 * A network's answers on the grid of the part of the image it reads, a slice of the network's depth at a time.
 * @throws E_MODEL where it has not as many classes as its labels; as `slidingWindow`
 */
export async function* classSlices(
  { image, shape, window, taps, activation }: Prepared,
  model: TileModel,
  { channels }: Pick<Classes, "channels">,
  work: Pick<Work, "signal" | "progress">,
): AsyncGenerator<ClassSlice> {
  async function* slabs() {
    for await (const slab of slidingWindow(image, shape, model, window, work)) {
      if (slab.classes !== channels)
        throw new TrinephronError(
          "E_MODEL",
          `the network answers with ${slab.classes} classes, its labels are ${channels}`,
          "export it without deep supervision, with the labels it was trained on",
        );
      activation?.(slab);
      yield slab;
    }
  }
  const [, ...extent] = shape;
  yield* resampledSlices(slabs(), extent satisfies Extent, taps);
}

/** The labels of the part that the network reads, on the image's own voxels, [D, H, W]. @throws as {@link classSlices} */
export async function partLabels(
  prepared: Prepared,
  model: TileModel,
  classes: Classes,
  work: Pick<Work, "signal" | "progress">,
): Promise<Uint8Array<ArrayBuffer>> {
  const extent = extentOf(prepared.place);
  const labels = new Uint8Array(voxelsOf(extent));
  const area = extent[1] * extent[2];
  for await (const { index, data } of classSlices(prepared, model, classes, work))
    classes.decide(data, labels.subarray(index * area, (index + 1) * area));
  return labels;
}

/** The labels of a whole image of `size`: 0 outside the part that the network reads. @throws as {@link classSlices} */
export async function labelsOf(
  prepared: Prepared,
  model: TileModel,
  classes: Classes,
  size: Vec3,
  work: Pick<Work, "signal" | "progress">,
): Promise<Uint8Array<ArrayBuffer>> {
  return scattered(await partLabels(prepared, model, classes, work), prepared.place, size);
}
