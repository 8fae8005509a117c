import { TrinephronError } from "../../../../base/errors.ts";
import { derivedSeed, random } from "../../../../base/random.ts";
import { readNifti } from "../../../../imaging/formats/nifti/index.ts";
import {
  reorient,
  resample,
  type Vec3,
  type Volume,
  withSpacing,
} from "../../../../numerics/volume/index.ts";
import { wholeValues } from "../../../../patients/cohort/labels.ts";
import type { SegmentationCase, SegmentationLabel } from "../../dataset/dataset.ts";
import { moments } from "./moments.ts";

/** A case on the grid that a network reads, its values as they are. */
interface PreparedCase extends PreparedHeader {
  /** By channel, `[D, H, W]`; undefined where the case has no such image. */
  readonly images: readonly (Float32Array | undefined)[];
  /** Classes, `[D, H, W]`: 0 background, n the nth label. */
  readonly classes: Uint8Array;
}

/** What is known of a prepared case without its voxels. */
export interface PreparedHeader {
  readonly case: string;
  /** `[D, H, W]` */
  readonly size: readonly [number, number, number];
  /** By channel. */
  readonly statistics: readonly (ChannelStatistics | undefined)[];
  /** By class from 1, some of its voxels in memory order; none where the case has none of it. */
  readonly places: readonly (readonly number[])[];
}

interface ChannelStatistics {
  readonly mean: number;
  readonly deviation: number;
  /** Values at some voxels of any label, drawn evenly. */
  readonly foreground: readonly number[];
}

/** Voxels of a class kept to draw patches around, and values to learn the normalisation from. */
const kept = { places: 500, values: 1000 } as const;

/**
 * Reads a case, its axes along L, P and S, on voxels of a spacing: images linearly (antialiased), labels by nearest
 * neighbour.
 * @param spacing mm along D, H, W
 * @throws as `readNifti`; E_MASK for a value that is no label, E_VALUE for an image with a value that is not finite
 */
export async function prepareCase(
  c: SegmentationCase,
  labels: readonly SegmentationLabel[],
  spacing: Vec3,
): Promise<PreparedCase> {
  const read = reorient(wholeValues(await readNifti(c.labels)).volume);
  const classes = { ...read, data: classesOf(read, labels, c.labels) };
  const [d, h, w] = spacing;
  const same = read.spacing.every((mm, a) => Math.abs(mm - [w, h, d][a]) < 1e-3 * mm);
  const grid = same ? read : withSpacing(read, [w, h, d]);
  const drawn = resample(classes, grid, { interpolation: "nearest" }).data;
  const places = labels.map((_, l) => placesOf(drawn, l + 1));
  const images = await Promise.all(
    c.images.map(async (file) => {
      if (!file) return undefined;
      const image = await readNifti(file.path, file.frame === undefined ? {} : { frame: file.frame });
      const values = resample(image, grid, { antialias: true }).data;
      if (!values.every(Number.isFinite))
        throw new TrinephronError("E_VALUE", `${file.path}: a voxel is not a finite number`);
      return values;
    }),
  );
  const values = sampled(places.flat(), kept.values);
  const [width, height, depth] = grid.size;
  return {
    case: c.case,
    size: [depth, height, width],
    images,
    classes: drawn,
    places: places.map((all) => sampled(all, kept.places)),
    statistics: images.map(
      (image) => image && { ...moments(image), foreground: values.map((n) => image[n]) },
    ),
  };
}

function classesOf({ data }: Volume, labels: readonly SegmentationLabel[], path: string): Uint8Array {
  const byValue = new Map([[0, 0], ...labels.map(({ value }, l) => [value, l + 1] as const)]);
  return Uint8Array.from(data, (value) => {
    const found = byValue.get(value);
    if (found === undefined)
      throw new TrinephronError(
        "E_MASK",
        `${path}: the value ${value} is none of its labels`,
        `labels are 0 (background), ${labels.map((l) => `${l.value} (${l.name})`).join(", ")}`,
      );
    return found;
  });
}

function placesOf(classes: Uint8Array, label: number): number[] {
  const places: number[] = [];
  for (let n = 0; n < classes.length; n++) if (classes[n] === label) places.push(n);
  return places;
}

/** As many of the list, drawn without replacement; the draw depends on the list's length alone. */
function sampled(all: readonly number[], count: number): number[] {
  if (all.length <= count) return [...all];
  const { integer } = random(derivedSeed(1, "sampled", all.length));
  // One of each of as many even parts.
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i, i + 1].map((at) => Math.floor((at * all.length) / count));
    return all[from + integer(to - from)];
  });
}
