import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError, readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import type { ImageFile, SegmentationCase, SegmentationDataset, SegmentationLabel } from "./dataset.ts";

/**
 * The keys of a `dataset.json` that are read: of the Medical Segmentation Decathlon (labels by value, `modality`, a list
 * `training`) and of nnU-Net 2 (labels by name, `channel_names`); others are passed over.
 */
const datasetJson = z.object({
  labels: z.record(z.string(), z.union([z.string(), z.int(), z.array(z.int())])),
  modality: z.record(z.string(), z.string()).optional(),
  channel_names: z.record(z.string(), z.string()).optional(),
  file_ending: z.string().min(1).default(".nii.gz"),
  training: z
    .array(z.object({ image: z.union([z.string(), z.array(z.string()).min(1)]), label: z.string() }))
    .optional()
    .describe("absent: every file of labelsTr with the images of its name"),
  imagesTr: z.string().default("imagesTr").describe("folder of images, relative to this file or absolute"),
  labelsTr: z.string().default("labelsTr").describe("folder of labels, likewise"),
});
type DatasetJson = z.output<typeof datasetJson>;

/**
 * Reads a `dataset.json`. Images of a case are one file (several channels: a 4D one), a list of files, or, without a list
 * of cases, `CASE.nii.gz` or `CASE_0000.nii.gz`, `CASE_0001.nii.gz`, …
 * @throws E_FILE_MISSING, E_FORMAT, E_UNSUPPORTED (regions, an ignored label), E_COHORT for no case
 */
export async function readDatasetJson(path: string): Promise<SegmentationDataset> {
  const folder = resolve(dirname(path));
  const found = parseJson(datasetJson, (await readWhole(path)).toString("utf8"), path);
  const names = Object.entries(found.channel_names ?? found.modality ?? { "0": "image" }).sort(
    ([a], [b]) => Number(a) - Number(b),
  );
  const channels = names.map(([, name]) => name);
  const cases = found.training
    ? found.training.map(({ image, label }) => listedCase(image, label, channels, folder, path))
    : await casesInFolders(found, channels, folder);
  if (cases.length === 0) throw new TrinephronError("E_COHORT", `${path}: no training case`);
  const repeated = cases.find((c, i) => cases.findIndex((other) => other.case === c.case) !== i);
  if (repeated) throw new TrinephronError("E_COHORT", `${path}: case ${repeated.case} stands twice`);
  return {
    folder,
    cases,
    channels,
    labels: labelsIn(found, path),
    hounsfield: channels.every((name) => /^ct$/i.test(name)),
    interchangeable: false,
  };
}

/** `{"0": "background", "1": "tumor"}` and `{"background": 0, "tumor": 1}` alike. */
function labelsIn({ labels }: DatasetJson, path: string): SegmentationLabel[] {
  const read = Object.entries(labels).map(([key, value]): SegmentationLabel => {
    if (typeof value === "number") return { name: key, value };
    if (typeof value === "string" && /^\d+$/.test(key)) return { name: value, value: Number(key) };
    throw new TrinephronError(
      "E_UNSUPPORTED",
      `${path}: labels: ${key}: a region of several labels`,
      "give each label a name of its own",
    );
  });
  if (read.some(({ name }) => name === "ignore"))
    throw new TrinephronError("E_UNSUPPORTED", `${path}: labels: ignore: voxels to be passed over`);
  const own = read.filter(({ value }) => value !== 0).sort((a, b) => a.value - b.value);
  const doubled = own.find(({ value }, i) => own[i + 1]?.value === value);
  if (own.length === 0 || doubled)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: labels: ${doubled ? `two of the value ${doubled.value}` : "none besides the background"}`,
    );
  return own;
}

function listedCase(
  image: string | readonly string[],
  label: string,
  channels: readonly string[],
  folder: string,
  path: string,
): SegmentationCase {
  const files = typeof image === "string" ? [image] : image;
  if (files.length !== 1 && files.length !== channels.length)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: training: ${label}: ${files.length} images for ${channels.length} channels`,
    );
  const name = nameOf(label);
  const images = channels.map((_, c): ImageFile => {
    const file = { path: resolve(folder, files.length === 1 ? files[0] : files[c]) };
    return files.length === 1 && channels.length > 1 ? { ...file, frame: c } : file;
  });
  return { case: name, patient: name, images, labels: resolve(folder, label) };
}

async function casesInFolders(
  { imagesTr, labelsTr, file_ending: ending }: DatasetJson,
  channels: readonly string[],
  folder: string,
): Promise<SegmentationCase[]> {
  const [images, labels] = [resolve(folder, imagesTr), resolve(folder, labelsTr)];
  const list = (of: string) =>
    readdir(of).catch((error) => {
      throw fileError(error, of, "E_FILE_MISSING");
    });
  const there = new Set(await list(images));
  const names = (await list(labels)).filter((file) => file.endsWith(ending) && !file.startsWith(".")).sort();
  return names.map((file) => {
    const name = file.slice(0, -ending.length);
    const numbered = channels.map((_, c) => `${name}_${String(c).padStart(4, "0")}${ending}`);
    const own = channels.length === 1 && there.has(file) ? [file] : numbered;
    const missing = own.find((image) => !there.has(image));
    if (missing)
      throw new TrinephronError(
        "E_FILE_MISSING",
        `${join(images, missing)} is not there`,
        `though ${file} is among the labels`,
      );
    return {
      case: name,
      patient: name,
      images: own.map((image) => ({ path: join(images, image) })),
      labels: join(labels, file),
    };
  });
}

/** A file's name without its ending. */
const nameOf = (path: string): string => path.replace(/^.*[/\\]/, "").replace(/\.nii(\.gz)?$/, "");
