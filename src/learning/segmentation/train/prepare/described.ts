import { derivedSeed, random } from "../../../../base/random.ts";
import { moments } from "./moments.ts";

/** A case on the grid that a network reads, its values as they are. */
export interface PreparedCase extends PreparedHeader {
  /** By channel, `[D, H, W]`; undefined where the case has no such image. */
  readonly images: readonly (Float32Array | Int16Array | undefined)[];
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
 * A case with what patches are drawn and normalised by.
 * @param labels how many there are besides the background
 */
export function described(
  made: Pick<PreparedCase, "case" | "size" | "images" | "classes">,
  labels: number,
): PreparedCase {
  const places = Array.from({ length: labels }, (_, l) => placesOf(made.classes, l + 1));
  const values = sampled(places.flat(), kept.values);
  return {
    ...made,
    places: places.map((all) => sampled(all, kept.places)),
    statistics: made.images.map(
      (image) => image && { ...moments(image), foreground: values.map((n) => image[n]) },
    ),
  };
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
