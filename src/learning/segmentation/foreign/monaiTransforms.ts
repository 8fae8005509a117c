import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { free } from "../../../base/free.ts";
import { boundingBox } from "../../../numerics/volume/index.ts";
import { applyTaps, linearTaps, type Taps } from "../../../numerics/volume/resample/separable.ts";
import { roundHalfEven } from "../window/roundHalfEven.ts";
import { type Extent, voxelsOf } from "../window/tileModel.ts";
import { argumentsOf } from "./arguments.ts";
import type { Component } from "./bundle.ts";
import { cropTaps, inverseTaps } from "./inverse.ts";
import { moments, rangeOf } from "./normalize.ts";

/** Images on their way to the network: each [D, H, W], where depth, height and width are MONAI's first, second, third axis. */
export interface Canvas {
  channels: Float32Array<ArrayBuffer>[];
  extent: Extent;
  /** mm along each axis. */
  spacing: Extent;
  /** The way back to the grid before each step, the last step's last. */
  readonly back: (readonly [Taps, Taps, Taps])[];
}

/** @param nearest how the way back interpolates: by the nearest voxel, or linearly */
type Step = (canvas: Canvas, nearest: boolean) => void;
type Read = (component: Component, path: string) => Step;

const nothing: Read = () => () => {};
const axes = [0, 1, 2] as const;

/** Every transform that is known, by its name without the d of dictionaries. */
const known: Readonly<Record<string, Read>> = {
  LoadImage: nothing,
  EnsureChannelFirst: nothing,
  AddChannel: nothing,
  EnsureType: nothing,
  ToTensor: nothing,
  ToDevice: nothing,
  CastToType: nothing,
  Spacing: (component, path) => {
    const { pixdim } = argumentsOf(
      component,
      {
        pixdim: z.union([z.number().positive(), z.array(z.number().positive()).length(3)]),
        mode: bilinear.default("bilinear"),
        padding_mode: z.literal("border").default("border"),
        diagonal: z.literal(false).default(false),
        align_corners: z.unknown().optional(),
        dtype: z.unknown().optional(),
        ensure_same_shape: z.unknown().optional(),
        recompute_affine: z.unknown().optional(),
        scale_extent: z.literal(false).default(false),
      },
      path,
    );
    const target = typeof pixdim === "number" ? [pixdim, pixdim, pixdim] : pixdim;
    return (canvas, nearest) => respace(canvas, [target[0], target[1], target[2]], nearest);
  },
  ScaleIntensity: (component, path) => {
    const { minv, maxv, channel_wise } = argumentsOf(
      component,
      {
        minv: z.number().default(0),
        maxv: z.number().default(1),
        factor: z.null().default(null),
        channel_wise: z.boolean().default(false),
        dtype: z.unknown().optional(),
      },
      path,
    );
    return ({ channels }) => {
      const own = channels.map(rangeOf);
      const all = [Math.min(...own.map(([min]) => min)), Math.max(...own.map(([, max]) => max))];
      for (const [c, data] of channels.entries()) {
        const [min, max] = channel_wise ? own[c] : all;
        // An even image has no range: MONAI multiplies it by the lower end.
        for (let n = 0; n < data.length; n++)
          data[n] = max > min ? ((data[n] - min) / (max - min)) * (maxv - minv) + minv : data[n] * minv;
      }
    };
  },
  ScaleIntensityRange: (component, path) => {
    const { a_min, a_max, b_min, b_max, clip } = argumentsOf(
      component,
      {
        a_min: z.number(),
        a_max: z.number(),
        b_min: z.number().nullable().default(null),
        b_max: z.number().nullable().default(null),
        clip: z.boolean().default(false),
        dtype: z.unknown().optional(),
      },
      path,
    );
    if (a_min === a_max) throw new TrinephronError("E_MODEL", `${path}: ScaleIntensityRange: an empty range`);
    const [low, high] = [b_min ?? 0, b_max ?? 1];
    const scales = b_min !== null && b_max !== null;
    const [floor, ceiling] = clip ? [b_min ?? -Infinity, b_max ?? Infinity] : [-Infinity, Infinity];
    return eachValue((x) => {
      const share = (x - a_min) / (a_max - a_min);
      return Math.min(Math.max(scales ? share * (high - low) + low : share, floor), ceiling);
    });
  },
  NormalizeIntensity: (component, path) => {
    const args = argumentsOf(
      component,
      {
        subtrahend: z
          .union([z.number(), z.array(z.number())])
          .nullable()
          .default(null),
        divisor: z
          .union([z.number(), z.array(z.number())])
          .nullable()
          .default(null),
        nonzero: z.boolean().default(false),
        channel_wise: z.boolean().default(false),
        dtype: z.unknown().optional(),
      },
      path,
    );
    return (canvas) => normalizeIntensity(canvas, args);
  },
  CropForeground: (component, path) => {
    const { select_fn, margin, allow_smaller } = argumentsOf(
      component,
      {
        source_key: z.unknown().optional(),
        select_fn: z.string().optional(),
        channel_indices: z.null().default(null),
        margin: z.union([z.int().min(0), z.array(z.int().min(0)).length(3)]).default(0),
        allow_smaller: z.boolean().default(false),
        k_divisible: z.literal(1).default(1),
        mode: z.unknown().optional(),
        start_coord_key: z.unknown().optional(),
        end_coord_key: z.unknown().optional(),
      },
      path,
    );
    const above = thresholdOf(select_fn, path);
    const by = typeof margin === "number" ? [margin, margin, margin] : margin;
    if (by.some((n) => n > 0) && !allow_smaller)
      throw new TrinephronError(
        "E_MODEL",
        `${path}: CropForeground: a margin that may reach outside the image is not supported`,
        "set allow_smaller to true",
      );
    return (canvas) => cropForeground(canvas, above, by);
  },
};

const bilinear = z.union([z.literal("bilinear"), z.array(z.literal("bilinear"))]);

/** The step a transform of preprocessing takes. @throws E_MODEL for one that is not known, or known otherwise */
export function stepOf(component: Component, path: string): Step {
  if (Object.hasOwn(known, component.name)) return known[component.name](component, path);
  throw new TrinephronError(
    "E_MODEL",
    `${path}: the transform ${component.name} is not supported`,
    "docs/segmentation-models.md lists those that are",
  );
}

const eachValue =
  (f: (x: number) => number): Step =>
  ({ channels }) => {
    for (const data of channels) for (let n = 0; n < data.length; n++) data[n] = f(data[n]);
  };

/** MONAI's `SpatialResample` of an axis-aligned grid: first voxels stay in place, as many as come nearest to the span. */
function respace(canvas: Canvas, spacing: Extent, nearest: boolean): void {
  const { extent: old, spacing: from } = canvas;
  const count = axes.map((a) => roundHalfEven(((old[a] - 1) * from[a]) / spacing[a]) + 1);
  canvas.channels = canvas.channels.map((channel) => {
    let data = channel;
    const now = [...old];
    // The axis that shrinks most first.
    for (const a of [...axes].sort((x, y) => count[x] / old[x] - count[y] / old[y])) {
      if (count[a] === now[a] && spacing[a] === from[a]) continue;
      const before = data;
      const outer = now.slice(0, a).reduce((x, y) => x * y, 1);
      const inner = now.slice(a + 1).reduce((x, y) => x * y, 1);
      data = applyTaps(data, outer, now[a], inner, linearTaps(now[a], 0, spacing[a] / from[a], count[a], 0));
      now[a] = count[a];
      free(before);
    }
    return data;
  });
  canvas.back.push(threeOf((a) => inverseTaps(old[a], from[a] / spacing[a], count[a], nearest)));
  canvas.extent = [count[0], count[1], count[2]];
  canvas.spacing = spacing;
}

interface NormalizeArguments {
  readonly subtrahend: number | readonly number[] | null;
  readonly divisor: number | readonly number[] | null;
  readonly nonzero: boolean;
  readonly channel_wise: boolean;
}

function normalizeIntensity({ channels }: Canvas, args: NormalizeArguments): void {
  const parts = channels.map((data) => ({ data, mask: args.nonzero ? nonzero(data) : undefined }));
  const all = args.channel_wise ? undefined : moments(parts);
  const given = (value: NormalizeArguments["divisor"], c: number) =>
    typeof value === "number" ? value : value?.[c];
  for (const [c, { data, mask }] of parts.entries()) {
    const own = all ?? moments([parts[c]]);
    const shift = given(args.subtrahend, c) ?? own.mean;
    const divisor = (given(args.divisor, c) ?? own.std) || 1;
    for (let n = 0; n < data.length; n++) if (mask?.[n] !== 0) data[n] = (data[n] - shift) / divisor;
  }
}

function nonzero(data: Float32Array): Uint8Array {
  const mask = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) if (data[n] !== 0) mask[n] = 1;
  return mask;
}

/** What a `select_fn` keeps: voxels above a number. */
function thresholdOf(expression: string | undefined, path: string): number {
  if (expression === undefined) return 0;
  const [, value] = /^\$\s*lambda\s+(?:\w+)\s*:\s*\w+\s*>\s*(-?[\d.]+)\s*$/.exec(expression) ?? [];
  if (value !== undefined) return Number(value);
  throw new TrinephronError(
    "E_MODEL",
    `${path}: CropForeground: select_fn ${expression} is not supported`,
    "of functions only $lambda x: x > NUMBER is read",
  );
}

function cropForeground(canvas: Canvas, above: number, margin: readonly number[]): void {
  const { extent, channels } = canvas;
  const mask = new Uint8Array(voxelsOf(extent));
  for (const data of channels) for (let n = 0; n < mask.length; n++) if (data[n] > above) mask[n] = 1;
  const [depth, height, width] = extent;
  const found = boundingBox(mask, [width, height, depth]);
  // Without foreground MONAI keeps the image.
  if (!found) return;
  const start = threeOf((a) => Math.max(0, found.start[2 - a] - margin[a]));
  const end = threeOf((a) => Math.min(extent[a], found.end[2 - a] + margin[a]));
  const cropped: Extent = threeOf((a) => end[a] - start[a]);
  canvas.channels = channels.map((data) => {
    const part = new Float32Array(voxelsOf(cropped));
    for (let d = 0; d < cropped[0]; d++)
      for (let h = 0; h < cropped[1]; h++) {
        const row = ((start[0] + d) * height + start[1] + h) * width + start[2];
        part.set(data.subarray(row, row + cropped[2]), (d * cropped[1] + h) * cropped[2]);
      }
    free(data);
    return part;
  });
  canvas.back.push(threeOf((a) => cropTaps(extent[a], start[a], end[a])));
  canvas.extent = cropped;
}

const threeOf = <T>(of: (axis: 0 | 1 | 2) => T): [T, T, T] => [of(0), of(1), of(2)];
