import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import { type Device, openModel } from "../../../numerics/graph/index.ts";
import {
  gridDifference,
  reorient,
  resample,
  sameGeometry,
  type Volume,
  withSpacing,
} from "../../../numerics/volume/index.ts";
import { type Normalization, normalize } from "../train/normalization.ts";
import { moments } from "../train/prepare/moments.ts";
import { nnunetImportance } from "../window/importance.ts";
import { slidingWindow } from "../window/slidingWindow.ts";
import { mirrored, type TileModel } from "../window/tileModel.ts";
import { nnunetStarts } from "../window/tiles.ts";
import { readSegmentationFolder, type SegmentationConfig } from "./segmentationFolder.ts";

/** How a segmentation model is run. */
export interface SegmentationRun extends Pick<Work, "signal" | "progress"> {
  /** Distance of neighbouring tiles, share of a tile; by default what it was validated with. */
  readonly step?: number | undefined;
  /** Axes (0 D, 1 H, 2 W) along which answers to mirror images are averaged; `true`: those it was trained on. */
  readonly mirror?: readonly number[] | boolean | undefined;
}

/** A segmentation model of `segment train`, ready to run. */
export interface OpenSegmentation {
  readonly config: SegmentationConfig;
  /**
   * Label values on the images' grid.
   * @param images one a channel, on one grid
   * @throws E_USAGE for another number of images, E_GEOMETRY where they do not share a grid, E_INTERRUPTED
   */
  segment(images: readonly Volume[], run?: SegmentationRun): Promise<Volume<Uint8Array>>;
  close(): Promise<void>;
}

/** @throws as `readSegmentationFolder` and `openSession` */
export async function openSegmentation(
  folder: string,
  options: { readonly threads?: number; readonly device?: Device } = {},
): Promise<OpenSegmentation> {
  const { config, onnx } = await readSegmentationFolder(folder);
  const session = await openModel(onnx, options);
  const model: TileModel = async (data, shape) =>
    (await session.run({ image: { data, shape: [1, ...shape] } })).logits;
  return {
    config,
    async segment(images, run = {}) {
      mustFit(images, config);
      const logits = await logitsOf(images, config, model, run);
      return labelsOn(images[0], logits, config.labels);
    },
    close: () => session.close(),
  };
}

/** Logits of each class on the network's grid. */
async function logitsOf(
  images: readonly Volume[],
  { spacing, patch, overlap, normalization, labels, settings }: SegmentationConfig,
  model: TileModel,
  { step = 1 - overlap, mirror = false, ...work }: SegmentationRun,
): Promise<Volume<Float32Array>[]> {
  const [d, h, w] = spacing;
  const grid = withSpacing(reorient(images[0]), [w, h, d]);
  const [width, height, depth] = grid.size;
  const voxels = width * height * depth;
  const input = new Float32Array(images.length * voxels);
  images.forEach((image, c) => {
    const values = resample(image, grid, { antialias: true }).data;
    const how: Normalization = normalization[c];
    normalize(values, how, moments(values));
    input.set(values, c * voxels);
  });
  const trained = settings.augmentation.flip.map((axis) => "DHW".indexOf(axis));
  const axes = mirror === true ? trained : mirror === false ? [] : mirror;
  const starts = [depth, height, width].map((side, a) => nnunetStarts(side, patch[a], step));
  const window = {
    patch,
    starts: [starts[0], starts[1], starts[2]] as const,
    importance: nnunetImportance(patch),
  };
  const classes = Array.from({ length: labels.length + 1 }, () => new Float32Array(voxels));
  const shape = [images.length, depth, height, width] as const;
  for await (const slab of slidingWindow(input, shape, mirrored(model, axes), window, work)) {
    const each = slab.data.length / slab.classes;
    classes.forEach((values, k) =>
      values.set(slab.data.subarray(k * each, (k + 1) * each), slab.start * height * width),
    );
  }
  return classes.map((data) => ({ ...grid, data }));
}

/** The label of the largest logit in each voxel of another grid; background where the network saw nothing. */
function labelsOn(
  image: Volume,
  logits: readonly Volume<Float32Array>[],
  labels: SegmentationConfig["labels"],
): Volume<Uint8Array> {
  const { size, spacing, origin, direction } = image;
  const target = { size, spacing, origin, direction };
  const best = resample(logits[0], target, { fill: 0 }).data;
  const found = new Uint8Array(best.length);
  labels.forEach(({ value }, l) => {
    const own = resample(logits[l + 1], target, { fill: -Infinity }).data;
    for (let n = 0; n < best.length; n++)
      if (own[n] > best[n]) {
        best[n] = own[n];
        found[n] = value;
      }
  });
  return { ...target, data: found };
}

function mustFit(images: readonly Volume[], { channels }: SegmentationConfig): void {
  if (images.length !== channels.length)
    throw new TrinephronError(
      "E_USAGE",
      `${images.length} images, where the model reads ${channels.length}: ${channels.join(", ")}`,
      "give them in this order",
    );
  const other = images.find((image) => !sameGeometry(image, images[0]));
  if (other)
    throw new TrinephronError(
      "E_GEOMETRY",
      `the images do not share a grid: ${gridDifference(images[0], other)}`,
      "resample them to one",
    );
}
