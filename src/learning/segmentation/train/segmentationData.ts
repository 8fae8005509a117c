import { createHash } from "node:crypto";
import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { DrawnDataset, SegmentationDataset, TrainingDataset } from "../dataset/dataset.ts";
import { drawnFiles } from "./drawn/drawnFiles.ts";
import { partsOf, type SegmentationParts } from "./folds.ts";
import { type Normalization, normalizationOf } from "./normalization.ts";
import { medianSpacing, prepareCases } from "./prepare/prepareCases.ts";
import type { PreparedFile } from "./prepare/prepared.ts";
import type { SegmentSettings } from "./segmentSettings.ts";

/** Prepared cases and how they are read. */
export interface SegmentationData {
  readonly parts: SegmentationParts<PreparedFile>;
  /** Names of the network's channels. */
  readonly channels: readonly string[];
  /** Lists of a case's images that can be the channels. */
  readonly choices: readonly (readonly number[])[];
  readonly normalizations: readonly Normalization[];
  /** mm along D, H, W. */
  readonly spacing: Vec3;
  /** SHA-256 of the cases, their labels and their parts. */
  readonly hash: string;
}

/**
 * Prepares or draws a data set's cases. Spacing, window and deviation follow from the training cases alone.
 * @param heldOut patients that nothing is learnt from
 * @throws E_USAGE for an image that is none of the data set's, and for drawn scans without a spacing; E_TOO_FEW; as
 * `prepareCases`, `drawnFiles`
 */
export async function segmentationData(
  dataset: TrainingDataset,
  settings: SegmentSettings,
  heldOut: readonly string[],
  cache: string,
  work: Work,
): Promise<SegmentationData> {
  const { labels, hounsfield } = dataset;
  const { channels, choices } = channelsOf(dataset, settings);
  const { parts, spacing } = dataset.drawn
    ? await drawnParts(dataset, settings, heldOut, cache, work)
    : await filedParts(dataset, choices, settings, heldOut, cache, work);
  const images = channels.map((_, c) => [...new Set(choices.map((list) => list[c]))]);
  const hash = createHash("sha256").update(JSON.stringify([labels, channels, spacing]));
  for (const part of [parts.train, parts.validation, parts.heldOut])
    hash.update(JSON.stringify(part.map((file) => [file.case, file.hash])));
  return {
    parts,
    channels,
    choices,
    normalizations: normalizationOf(
      dataset.drawn && settings.normalization === "auto" ? { normalization: drawnWindow } : settings,
      parts.train,
      images,
      hounsfield,
    ),
    spacing,
    hash: hash.digest("hex"),
  };
}

/** Fat to enhanced cortex, HU: what lies about and in a kidney, not what simulated tissues happen to have. */
const drawnWindow: [number, number] = [-150, 350];

interface FilesInParts {
  readonly parts: SegmentationParts<PreparedFile>;
  readonly spacing: Vec3;
}

async function filedParts(
  { cases, labels }: SegmentationDataset,
  choices: SegmentationData["choices"],
  settings: SegmentSettings,
  heldOut: readonly string[],
  cache: string,
  work: Work,
): Promise<FilesInParts> {
  const usable = cases.filter(({ images }) =>
    choices.some((list) => list.every((channel) => images[channel])),
  );
  const all = partsOf(usable, settings, heldOut);
  const spacing = settings.spacing === "median" ? await medianSpacing(all.train) : settings.spacing;
  const files = await prepareCases(inARow(all), labels, spacing, cache, work);
  return { parts: alike(all, files), spacing };
}

async function drawnParts(
  { cases }: DrawnDataset,
  settings: SegmentSettings,
  heldOut: readonly string[],
  cache: string,
  work: Work,
): Promise<FilesInParts> {
  const { spacing, drawn } = settings;
  if (spacing === "median")
    throw new TrinephronError(
      "E_USAGE",
      "settings: spacing: drawn scans have no voxels until they are drawn",
      "give mm along D, H, W, such as [1.5, 1.5, 1.5]",
    );
  const all = partsOf(cases, settings, heldOut);
  return { parts: alike(all, await drawnFiles(inARow(all), drawn, spacing, cache, work)), spacing };
}

const inARow = <C>({ train, validation, heldOut }: SegmentationParts<C>): C[] => [
  ...train,
  ...validation,
  ...heldOut,
];

/** A row of files in the parts that their cases came from. */
function alike(
  { train, validation }: SegmentationParts<unknown>,
  files: readonly PreparedFile[],
): SegmentationParts<PreparedFile> {
  const [first, second] = [train.length, train.length + validation.length];
  return {
    train: files.slice(0, first),
    validation: files.slice(first, second),
    heldOut: files.slice(second),
  };
}

/** The network's channels, and which of a case's images can be they. */
function channelsOf(
  dataset: TrainingDataset,
  { images }: Pick<SegmentSettings, "images">,
): { channels: string[]; choices: number[][] } {
  const { channels: there, interchangeable } = dataset;
  const chosen = images === "auto" ? (interchangeable ? "any" : "all") : images;
  if (chosen === "any") return { channels: ["any"], choices: there.map((_, c) => [c]) };
  const names = chosen === "all" ? [...there] : chosen;
  const stranger = names.find((name) => !there.includes(name));
  if (stranger !== undefined)
    throw new TrinephronError(
      "E_USAGE",
      `settings: images: ${stranger}: no image of this data set`,
      `its images are ${there.join(", ")}`,
    );
  return { channels: names, choices: [names.map((name) => there.indexOf(name))] };
}

/** What patches and whole images are cut from. */
export const sourceOf = (
  { parts, choices, normalizations, spacing }: SegmentationData,
  settings: SegmentSettings,
) => ({ files: parts.train, choices, normalizations, spacing, settings });
