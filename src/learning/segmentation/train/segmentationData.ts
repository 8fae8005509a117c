import { createHash } from "node:crypto";
import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { SegmentationDataset } from "../dataset/dataset.ts";
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
 * Prepares a data set's cases. Spacing, window and deviation follow from the training cases alone.
 * @param heldOut patients that nothing is learnt from
 * @throws E_USAGE for an image that is none of the data set's, E_TOO_FEW; as `prepareCases`
 */
export async function segmentationData(
  dataset: SegmentationDataset,
  settings: SegmentSettings,
  heldOut: readonly string[],
  cache: string,
  work: Work,
): Promise<SegmentationData> {
  const { labels, hounsfield } = dataset;
  const { channels, choices } = channelsOf(dataset, settings);
  const cases = dataset.cases.filter(({ images }) =>
    choices.some((list) => list.every((channel) => images[channel])),
  );
  const all = partsOf(cases, settings, heldOut);
  const spacing = settings.spacing === "median" ? await medianSpacing(all.train) : settings.spacing;
  const every = [...all.train, ...all.validation, ...all.heldOut];
  const files = await prepareCases(every, labels, spacing, cache, work);
  const [train, validation] = [all.train.length, all.validation.length];
  const parts = {
    train: files.slice(0, train),
    validation: files.slice(train, train + validation),
    heldOut: files.slice(train + validation),
  };
  const images = channels.map((_, c) => [...new Set(choices.map((list) => list[c]))]);
  const hash = createHash("sha256").update(JSON.stringify([labels, channels, spacing]));
  for (const part of Object.values(parts))
    hash.update(JSON.stringify(part.map((file) => [file.case, file.hash])));
  return {
    parts,
    channels,
    choices,
    normalizations: normalizationOf(settings, parts.train, images, hounsfield),
    spacing,
    hash: hash.digest("hex"),
  };
}

/** The network's channels, and which of a case's images can be they. */
function channelsOf(
  dataset: SegmentationDataset,
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
