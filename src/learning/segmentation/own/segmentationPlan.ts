import { croppedGeometry } from "../../../numerics/volume/crop.ts";
import {
  type Geometry,
  resample,
  type Vec3,
  type Volume,
  withSpacing,
} from "../../../numerics/volume/index.ts";
import { linearTaps } from "../../../numerics/volume/resample/separable.ts";
import { type Classes, exclusiveClasses } from "../run/classes.ts";
import { joined, type Placement } from "../run/placement.ts";
import type { Prepared, RunOptions } from "../run/prepared.ts";
import { regionBox } from "../run/region.ts";
import { normalize } from "../train/normalize.ts";
import { moments } from "../train/prepare/moments.ts";
import { nnunetImportance } from "../window/importance.ts";
import { nnunetStarts } from "../window/tiles.ts";
import type { SegmentationConfig } from "./segmentationConfig.ts";
import { readSegmentationFolder } from "./segmentationFolder.ts";

/**
 * How a model of `segment train` reads images and what its answers mean.
 * @throws as `readSegmentationFolder`
 */
export async function segmentationPlan(folder: string) {
  const { config } = await readSegmentationFolder(folder);
  return planOf(config);
}

/** The same of a model that was read. */
export function planOf(config: SegmentationConfig) {
  return {
    kind: "trinephron" as const,
    channels: config.channels,
    classes: classesOf(config),
    orientation: "LPS",
    patch: config.patch,
    mirrorAxes: config.settings.augmentation.flip.map((axis) => "DHW".indexOf(axis)),
    remarks: config.source === "drawn" ? ["learnt from simulated scans alone"] : [],
    prepare: (images: readonly Volume[], run: RunOptions) => prepare(config, images, run),
  };
}

function classesOf({ labels }: SegmentationConfig): Classes {
  const values = [0, ...labels.map(({ value }) => value)];
  const names = new Map(labels.map(({ name, value }) => [value, name]));
  const { channels, decide } = exclusiveClasses(values.length, names);
  return {
    channels,
    names,
    decide(logits, into) {
      decide(logits, into);
      for (let n = 0; n < into.length; n++) into[n] = values[into[n]];
    },
  };
}

/** A fixed normalisation asks for none of the image's own. */
const none = { mean: 0, deviation: 1 };

/** As in training: on voxels of the model's spacing, normalised. @param images their axes along L, P, S */
function prepare(
  { spacing, patch, overlap, normalization }: SegmentationConfig,
  images: readonly Volume[],
  { step = 1 - overlap, box }: RunOptions,
): Prepared & { readonly grid: Geometry } {
  const [first] = images;
  const target: Vec3 = [spacing[2], spacing[1], spacing[0]];
  // One tile, in voxels of the image.
  const covered = (a: 0 | 1 | 2) => Math.ceil((patch[2 - a] * target[a]) / first.spacing[a]);
  const place: Placement = {
    axes: [2, 1, 0],
    box: box
      ? regionBox(first, box, [covered(0), covered(1), covered(2)])
      : { start: [0, 0, 0], end: first.size },
  };
  const part = croppedGeometry(first, place.box);
  const grid = withSpacing(part, target);
  const channels = images.map((image, c) => {
    const values = resample(image, grid, { antialias: true }).data;
    const how = normalization[c];
    normalize(values, how, how.kind === "image" ? moments(box ? image.data : values) : none);
    return values;
  });
  const [width, height, depth] = grid.size;
  const taps = (a: 0 | 1 | 2) => {
    const scale = part.spacing[a] / target[a];
    const start = (grid.size[a] - 1) / 2 - ((part.size[a] - 1) / 2) * scale;
    return linearTaps(grid.size[a], start, scale, part.size[a], 0);
  };
  return {
    grid,
    image: joined(channels),
    shape: [images.length, depth, height, width],
    window: {
      patch,
      starts: [
        nnunetStarts(depth, patch[0], step),
        nnunetStarts(height, patch[1], step),
        nnunetStarts(width, patch[2], step),
      ],
      importance: nnunetImportance(patch),
    },
    taps: [taps(2), taps(1), taps(0)],
    place,
  };
}
