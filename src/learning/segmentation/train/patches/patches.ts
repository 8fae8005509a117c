import { extname } from "node:path";
import { answersAhead } from "../../../../base/answersAhead.ts";
import { derivedSeed, random } from "../../../../base/random.ts";
import type { Normalization } from "../normalization.ts";
import type { PreparedFile, SliceReader } from "../prepare/prepared.ts";
import type { SegmentSettings } from "../segmentSettings.ts";
import { cutPatch } from "./cutPatch.ts";
import { drawPatch } from "./drawPatch.ts";
import { tone } from "./tone.ts";

/** What patches are drawn from: crosses to a thread. */
export interface PatchSource {
  readonly files: readonly PreparedFile[];
  /** Lists of a case's images that can be the channels. */
  readonly choices: readonly (readonly number[])[];
  readonly normalizations: readonly Normalization[];
  /** mm along D, H, W. */
  readonly spacing: readonly number[];
  readonly settings: Pick<SegmentSettings, "seed" | "batch" | "patch" | "foreground" | "augmentation">;
}

/** The patches of one step. */
interface PatchBatch {
  /** `[N, C, D, H, W]` */
  readonly image: Float32Array;
  /** Classes, `[N, 1, D, H, W]`. */
  readonly labels: Float32Array;
}

/** Batches of steps `first` to `end` − 1, the next cut by a thread while one is used. */
export function patchBatches(source: PatchSource, first: number, end: number): AsyncGenerator<PatchBatch> {
  const url = new URL(`./patches.worker${extname(import.meta.url)}`, import.meta.url);
  const steps = Array.from({ length: end - first }, (_, i) => first + i);
  return answersAhead<number, PatchBatch>(url, source, steps);
}

/** The batch of one step: a function of the seed and the step alone, so that a run that resumes reads the same ones. */
export function patchBatch(source: PatchSource, step: number, slices: SliceReader): PatchBatch {
  const { files, normalizations, spacing, settings } = source;
  const { seed, batch, patch, foreground, augmentation } = settings;
  const voxels = patch.reduce((a, b) => a * b);
  const size = normalizations.length * voxels;
  const image = new Float32Array(batch * size);
  const labels = new Float32Array(batch * voxels);
  for (let i = 0; i < batch; i++) {
    const draw = random(derivedSeed(seed, "patch", step, i));
    const place = drawPatch(files, (file) => choicesIn(file, source.choices), patch, foreground, draw);
    const own = image.subarray(i * size, (i + 1) * size);
    cutPatch(
      place,
      patch,
      spacing,
      normalizations,
      augmentation,
      slices,
      draw,
      own,
      labels.subarray(i * voxels, (i + 1) * voxels),
    );
    for (let c = 0; c < normalizations.length; c++)
      tone(own.subarray(c * voxels, (c + 1) * voxels), augmentation, draw);
  }
  return { image, labels };
}

/** Those of the choices whose images the case has. */
export const choicesIn = (
  { statistics }: Pick<PreparedFile, "statistics">,
  choices: PatchSource["choices"],
): readonly (readonly number[])[] => choices.filter((list) => list.every((c) => statistics[c]));
