import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { type Classes, exclusiveClasses, overlappingClasses } from "../run/classes.ts";
import { extentOf, gatheredFloats, joined, type Placement } from "../run/placement.ts";
import type { Prepared, RunOptions } from "../run/prepared.ts";
import { regionBox } from "../run/region.ts";
import { constantImportance, monaiImportance } from "../window/importance.ts";
import type { Slab } from "../window/slidingWindow.ts";
import type { Extent } from "../window/tileModel.ts";
import { monaiStarts } from "../window/tiles.ts";
import { argumentsOf } from "./arguments.ts";
import type { Bundle, Component } from "./bundle.ts";
import { composed, identityTaps } from "./inverse.ts";
import { type Canvas, stepOf } from "./monaiTransforms.ts";

/** How a bundle segments. */
export interface MonaiPlan {
  readonly channels: readonly string[];
  readonly classes: Classes;
  /** Of a tile, along MONAI's axes. */
  readonly roi: Extent;
  /** Axis codes that images are brought to first; absent: as they lie in the file. */
  readonly orientation?: string | undefined;
  /**
   * Images as the network reads them.
   * @param images one a channel, on one grid
   * @throws E_GEOMETRY where the box lies outside the image
   */
  prepare(images: readonly Volume[], run?: RunOptions): Prepared;
}

/**
 * A bundle's inference as a plan, each part checked before any image is read.
 * @throws E_MODEL for a transform, inferer or argument that is not supported
 */
export function monaiPlan({
  path,
  preprocessing,
  inferer,
  postprocessing,
  channels,
  classes,
}: Bundle): MonaiPlan {
  const { steps, orientation, spacing } = stepsOf(preprocessing, path);
  const { roi, overlap, importance } = windowing(inferer, path);
  const { activation, nearest, threshold } = finish(postprocessing, path);
  return {
    channels,
    classes: classesOf(classes, threshold, path),
    roi,
    orientation,
    prepare(images, { step, box } = {}) {
      const [{ size, spacing: own }] = images;
      const tile = (a: 0 | 1 | 2) => Math.ceil((roi[a] * (spacing ?? own)[a]) / own[a]);
      const place: Placement = {
        axes: [0, 1, 2],
        box: box ? regionBox(images[0], box, [tile(0), tile(1), tile(2)]) : { start: [0, 0, 0], end: size },
      };
      const canvas: Canvas = {
        channels: images.map((image) => gatheredFloats(image, place)),
        extent: extentOf(place),
        spacing: own,
        back: [],
      };
      const whole = extentOf(place);
      for (const take of steps) take(canvas, nearest);
      const { extent, back } = canvas;
      const taps = (a: 0 | 1 | 2) => back.reduce((all, one) => composed(all, one[a]), identityTaps(whole[a]));
      const starts = (a: 0 | 1 | 2) =>
        monaiStarts(extent[a], roi[a], step === undefined ? overlap : 1 - step);
      return {
        image: joined(canvas.channels),
        shape: [images.length, ...extent],
        window: { patch: roi, starts: [starts(0), starts(1), starts(2)], importance },
        taps: [taps(0), taps(1), taps(2)],
        place,
        activation,
      };
    },
  };
}

const codes = z.string().regex(/^[LRPASI]{3}$/);
const pixdim = z.union([z.number(), z.array(z.number()).length(3)]);

/** Preprocessing; the orientation, which the images take before anything else, apart. */
function stepsOf(transforms: readonly Component[], path: string) {
  let orientation: string | undefined;
  let spacing: readonly number[] | undefined;
  const steps = transforms.flatMap((component) => {
    if (component.name === "Orientation") {
      if (spacing || orientation !== undefined)
        throw new TrinephronError(
          "E_MODEL",
          `${path}: Orientation after ${spacing ? "Spacing" : "another"} is not supported`,
          "orient images first",
        );
      orientation = argumentsOf(
        component,
        {
          axcodes: codes,
          as_closest_canonical: z.literal(false).default(false),
          labels: z.unknown().optional(),
        },
        path,
      ).axcodes;
      return [];
    }
    if (component.name === "Spacing") {
      const found = pixdim.safeParse(component.args.pixdim).data ?? 1;
      spacing = typeof found === "number" ? [found, found, found] : found;
    }
    return [stepOf(component, path)];
  });
  return { steps, orientation, spacing };
}

/** Tiles of a `SlidingWindowInferer`. */
function windowing(inferer: Component, path: string) {
  if (inferer.name !== "SlidingWindowInferer")
    throw new TrinephronError(
      "E_MODEL",
      `${path}: the inferer ${inferer.name} is not supported`,
      "use SlidingWindowInferer",
    );
  const { roi_size, overlap, mode, sigma_scale } = argumentsOf(
    inferer,
    {
      roi_size: z.union([z.int().positive(), z.array(z.int().positive()).length(3)]),
      overlap: z.number().min(0).lt(1).default(0.25),
      mode: z.enum(["constant", "gaussian"]).default("constant"),
      sigma_scale: z.number().positive().default(0.125),
      padding_mode: z.literal("constant").default("constant"),
      cval: z.literal(0).default(0),
      sw_batch_size: z.unknown().optional(),
      sw_device: z.unknown().optional(),
      device: z.unknown().optional(),
      progress: z.unknown().optional(),
      cache_roi_weight_map: z.unknown().optional(),
      cpu_thresh: z.unknown().optional(),
    },
    path,
  );
  const [d, h, w] = typeof roi_size === "number" ? [roi_size, roi_size, roi_size] : roi_size;
  const roi: Extent = [d, h, w];
  return {
    roi,
    overlap,
    importance: mode === "gaussian" ? monaiImportance(roi, sigma_scale) : constantImportance(roi),
  };
}

/** Postprocessing that changes no label. */
const aside = new Set(["SaveImage", "EnsureType", "ToTensor", "ToDevice"]);
const flag = z.union([z.boolean(), z.tuple([z.boolean()]).transform(([one]) => one)]);

/** What Invert is told of where its images come from and go to. */
const invertAside = {
  transform: z.unknown().optional(),
  orig_meta_keys: z.unknown().optional(),
  to_tensor: z.unknown().optional(),
  device: z.unknown().optional(),
};

/** Activation, way back and decision. */
function finish(transforms: readonly Component[], path: string) {
  let activation: ((slab: Slab) => void) | undefined;
  let [inverted, decided, nearest] = [false, false, false];
  let threshold: number | undefined;
  for (const component of transforms) {
    if (aside.has(component.name)) continue;
    const refused = (why: string) => new TrinephronError("E_MODEL", `${path}: ${why} is not supported`);
    if (component.name === "Activations" && !activation && !inverted && !decided) {
      const { softmax, sigmoid } = argumentsOf(
        component,
        { softmax: flag.default(false), sigmoid: flag.default(false), other: z.null().default(null) },
        path,
      );
      activation = softmax ? softmaxInPlace : sigmoid ? sigmoidInPlace : undefined;
    } else if (component.name === "Invert" && !inverted) {
      nearest = argumentsOf(
        component,
        { nearest_interp: flag.default(true), ...invertAside },
        path,
      ).nearest_interp;
      inverted = true;
      if (decided && !nearest) throw refused("Invert of labels without nearest_interp");
    } else if (component.name === "AsDiscrete" && !decided) {
      const args = argumentsOf(
        component,
        {
          argmax: flag.default(false),
          threshold: z
            .union([
              z.number(),
              z
                .array(z.number())
                .length(1)
                .transform(([one]) => one),
            ])
            .nullable()
            .default(null),
          to_onehot: z.null().default(null),
          rounding: z.null().default(null),
        },
        path,
      );
      if (!args.argmax && args.threshold === null) throw refused("AsDiscrete without argmax or threshold");
      if (!args.argmax) threshold = args.threshold!;
      decided = true;
    } else throw refused(`${component.name} at this place of postprocessing`);
  }
  if (!decided)
    throw new TrinephronError("E_MODEL", `${path}: postprocessing without AsDiscrete gives no labels`);
  return { activation, nearest, threshold };
}

/** Channels that exclude each other, or, with a threshold, may overlap; the later lies over the earlier. */
function classesOf(names: readonly string[], threshold: number | undefined, path: string): Classes {
  if (names.length === 0)
    throw new TrinephronError(
      "E_MODEL",
      `${path}: metadata.json does not name the output's channels (channel_def)`,
    );
  const first = threshold === undefined || /^background$/i.test(names[0]) ? 0 : 1;
  const labels = names.map((_, channel) => channel + first);
  const named = new Map(
    labels.map((label, n) => [label, names[n]] as const).filter(([label]) => label !== 0),
  );
  return threshold === undefined
    ? exclusiveClasses(names.length, named)
    : overlappingClasses(labels, named, (value) => value >= threshold);
}

function softmaxInPlace({ classes, data }: Slab): void {
  const voxels = data.length / classes;
  for (let n = 0; n < voxels; n++) {
    let [most, sum] = [-Infinity, 0];
    for (let k = 0; k < classes; k++) most = Math.max(most, data[k * voxels + n]);
    for (let k = 0; k < classes; k++) sum += data[k * voxels + n] = Math.exp(data[k * voxels + n] - most);
    for (let k = 0; k < classes; k++) data[k * voxels + n] /= sum;
  }
}

function sigmoidInPlace({ data }: Slab): void {
  for (let n = 0; n < data.length; n++) data[n] = 1 / (1 + Math.exp(-data[n]));
}
