import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import type { Device } from "../../../numerics/graph/index.ts";
import { gridDifference, sameGeometry, type Volume } from "../../../numerics/volume/index.ts";
import type { Classes } from "./classes.ts";
import type { RunOptions } from "./prepared.ts";

/** How a segmentation runs. */
export interface SegmentOptions extends RunOptions, Pick<Work, "signal" | "progress"> {
  /** Axes of the network along which its answers to mirror images are averaged; `true`: those it was trained on. */
  readonly mirror?: readonly number[] | boolean | undefined;
  /** What i, j and k of the images run to before the network reads them, `RAS`; by default as they lie in the file. */
  readonly orientation?: string | undefined;
  /** Told what a reader of the mask must know of how it came to be. */
  readonly onRemark?: ((remark: string) => void) | undefined;
}

/** A segmentation network, trained here or by another framework, with all that it needs to read an image. */
export interface SegmentationModel {
  readonly kind: "nnU-Net" | "MONAI bundle" | "trinephron";
  /** What its images are called, in the order they are given. */
  readonly channels: readonly string[];
  readonly labels: Classes["names"];
  /** What a user should know of its files. */
  readonly remarks: readonly string[];
  /** SHA-256 of its networks. */
  readonly sha256: string;
  /**
   * The network's own labels on the images' grid.
   * @param images one a channel, on one grid
   * @throws E_USAGE for another number of images, E_GEOMETRY where they do not share a grid, E_VALUE for voxels that are
   * no numbers, E_MODEL where the network does not fit its plan, E_INTERRUPTED
   */
  segment(images: readonly Volume[], options?: SegmentOptions): Promise<Volume<Uint8Array>>;
  close(): Promise<void>;
}

/** How a model is opened. */
export interface OpenOptions {
  /** Of a plan with several. */
  readonly configuration?: string | undefined;
  /** Default 2. */
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
}

interface Mirrored {
  readonly patch: readonly number[];
  /** Axes of the network that training mirrored; undefined where nothing tells. */
  readonly mirrorAxes?: readonly number[] | undefined;
}

/** @throws E_USAGE, E_GEOMETRY, E_VALUE as {@link SegmentationModel.segment} */
export function checkImages(images: readonly Volume[], channels: readonly string[]): void {
  if (images.length !== channels.length)
    throw new TrinephronError(
      "E_USAGE",
      `${images.length} images, where the model reads ${channels.length}: ${channels.join(", ")}`,
      "give them in this order",
    );
  for (const [n, image] of images.entries()) {
    if (!sameGeometry(image, images[0]))
      throw new TrinephronError(
        "E_GEOMETRY",
        `images ${channels[0]} and ${channels[n]} do not share a grid: ${gridDifference(images[0], image)}`,
        "resample them to one",
      );
    const { data } = image;
    if ((data instanceof Float32Array || data instanceof Float64Array) && !data.every(Number.isFinite))
      throw new TrinephronError(
        "E_VALUE",
        `image ${channels[n]}: voxels that are not a number`,
        "export it again",
      );
  }
}

/** Axes of the network to mirror along. @throws E_USAGE where none are known, or the network has no such axis */
export function mirrorAxes(
  asked: SegmentOptions["mirror"],
  { mirrorAxes, patch }: Mirrored,
  folder: string,
): readonly number[] {
  if (asked === undefined || asked === false) return [];
  const axes = asked === true ? mirrorAxes : asked;
  if (!axes)
    throw new TrinephronError(
      "E_USAGE",
      `${folder}: nothing tells along which axes its training mirrored`,
      "name them, as in --mirror 0,1,2",
    );
  if (axes.some((axis) => axis >= patch.length))
    throw new TrinephronError(
      "E_USAGE",
      `the network has ${patch.length} axes: none to mirror is ${axes.at(-1)}`,
    );
  // Axes of a network that reads slices are counted without the slices'.
  return patch.length === 2 ? axes.map((axis) => axis + 1) : axes;
}
