import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { fileError } from "../../base/files.ts";
import type { Work } from "../../base/work.ts";
import type { Device } from "../../numerics/graph/index.ts";
import { gridDifference, sameGeometry, type Volume } from "../../numerics/volume/index.ts";
import { orientationOf, oriented } from "../../numerics/volume/resample/orient.ts";
import { readBundle } from "./foreign/bundle.ts";
import { readExportNote } from "./foreign/exportNote.ts";
import { monaiPlan } from "./foreign/monai.ts";
import { prepareNnunet } from "./foreign/nnunet.ts";
import { readNnunetPlan } from "./foreign/nnunetPlan.ts";
import { segmentationFiles } from "./own/segmentationFolder.ts";
import { segmentationPlan } from "./own/segmentationPlan.ts";
import type { Classes } from "./run/classes.ts";
import { openNetwork } from "./run/network.ts";
import { labelsOf, type Prepared, type RunOptions } from "./run/prepared.ts";
import { mirrored } from "./window/tileModel.ts";

/** How a segmentation runs. */
export interface SegmentOptions extends RunOptions, Pick<Work, "signal" | "progress"> {
  /** Axes of the network along which its answers to mirror images are averaged; `true`: those it was trained on. */
  readonly mirror?: readonly number[] | boolean | undefined;
  /** What i, j and k of the images run to before the network reads them, `RAS`; by default as they lie in the file. */
  readonly orientation?: string | undefined;
}

/** A segmentation network, trained here or by another framework, with all that it needs to read an image. */
export interface SegmentationModel {
  readonly kind: "nnU-Net" | "MONAI bundle" | "trinephron";
  /** What its images are called, in the order they are given. */
  readonly channels: readonly string[];
  readonly labels: Classes["names"];
  /** What a user should know of its files. */
  readonly remarks: readonly string[];
  /**
   * The network's own labels on the images' grid.
   * @param images one a channel, on one grid
   * @throws E_USAGE for another number of images, E_GEOMETRY where they do not share a grid, E_VALUE for voxels that are
   * no numbers, E_MODEL where the network does not fit its plan, E_INTERRUPTED
   */
  segment(images: readonly Volume[], options?: SegmentOptions): Promise<Volume<Uint8Array>>;
  close(): Promise<void>;
}

/** How a model is opened. */
export interface OpenOptions {
  /** Of a plan with several. */
  readonly configuration?: string | undefined;
  /** Default 2. */
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
}

/** What a model says of itself. */
interface Plan {
  readonly kind: SegmentationModel["kind"];
  readonly channels: readonly string[];
  readonly classes: Classes;
  readonly orientation?: string | undefined;
  readonly patch: readonly number[];
  /** Axes of the network that training mirrored; undefined where nothing tells. */
  readonly mirrorAxes?: readonly number[] | undefined;
  prepare(images: readonly Volume[], run: RunOptions): Prepared;
}

/**
 * Opens the folder of a model of `segment train`, of an nnU-Net v2 (`plans.json`, `dataset.json`) or of a MONAI bundle
 * (`configs/`), with its networks as ONNX files: in the folder itself, in `models/`, or in `fold_0`, `fold_1` and so on,
 * whose answers are averaged.
 *
 * @throws E_FILE_MISSING, E_FORMAT, E_USAGE; E_MODEL for a folder of no such kind, without networks, or that asks for
 * what is not done here
 */
export async function openSegmentationModel(
  folder: string,
  options: OpenOptions = {},
): Promise<SegmentationModel> {
  const entries = await readdir(folder).catch((error) => {
    throw fileError(error, folder, "E_FILE_MISSING");
  });
  const plan = entries.includes("plans.json")
    ? await nnunetOf(folder, options)
    : entries.includes("configs")
      ? await bundleOf(folder)
      : entries.includes(segmentationFiles.model)
        ? await segmentationPlan(folder)
        : undefined;
  if (!plan)
    throw new TrinephronError(
      "E_MODEL",
      `${folder}: no ${segmentationFiles.model}, no plans.json of an nnU-Net, no configs of a MONAI bundle`,
      "docs/segmentation-models.md tells how to export a model",
    );
  const networks = await networksIn(folder, entries);
  const { channels, classes, patch, kind } = plan;
  const network = await openNetwork(networks, { channels: channels.length, patch }, options);
  return {
    kind,
    channels,
    labels: classes.names,
    remarks: [
      ...(networks.length > 1 ? [`answers of ${networks.length} networks are averaged`] : []),
      ...network.remarks,
    ],
    close: network.close,
    async segment(images, run = {}) {
      check(images, channels);
      const codes = run.orientation ?? plan.orientation;
      const turned = codes === undefined ? images : images.map((image) => oriented(image, codes));
      const axes = mirrorAxes(run.mirror, plan, folder);
      const [{ size, ...grid }] = turned;
      const data = await labelsOf(
        plan.prepare(turned, run),
        mirrored(network.model, axes),
        classes,
        size,
        run,
      );
      const { data: labels } = oriented({ ...grid, size, data }, orientationOf(images[0]));
      const { spacing, origin, direction } = images[0];
      return { size: images[0].size, spacing, origin, direction, data: labels };
    },
  };
}

async function nnunetOf(folder: string, { configuration }: OpenOptions): Promise<Plan> {
  const note = await readExportNote(folder);
  const plan = await readNnunetPlan(folder, configuration ?? note.configuration);
  const { channels, classes, orientation, patch } = plan;
  return {
    kind: "nnU-Net",
    channels: channels.map(({ name }) => name),
    classes,
    orientation,
    patch,
    mirrorAxes: note.mirror_axes,
    prepare: (images, run) => prepareNnunet(plan, images, run),
  };
}

async function bundleOf(folder: string): Promise<Plan> {
  const { roi, ...plan } = monaiPlan(await readBundle(folder));
  return { kind: "MONAI bundle", patch: roi, ...plan };
}

async function networksIn(folder: string, entries: readonly string[]): Promise<string[]> {
  const places = ["", ...entries.filter((name) => name === "models" || /^fold_/.test(name))];
  const found: string[] = [];
  for (const place of places)
    for (const name of await readdir(join(folder, place)).catch(() => []))
      if (/\.onnx$/i.test(name)) found.push(join(folder, place, name));
  if (found.length > 0) return found.sort();
  throw new TrinephronError(
    "E_MODEL",
    `${folder}: no network as an ONNX file`,
    "docs/segmentation-models.md tells how to export one",
  );
}

function check(images: readonly Volume[], channels: readonly string[]): void {
  if (images.length !== channels.length)
    throw new TrinephronError(
      "E_USAGE",
      `${images.length} images, where the model reads ${channels.length}: ${channels.join(", ")}`,
      "give them in this order",
    );
  for (const [n, image] of images.entries()) {
    if (!sameGeometry(image, images[0]))
      throw new TrinephronError(
        "E_GEOMETRY",
        `images ${channels[0]} and ${channels[n]} do not share a grid: ${gridDifference(images[0], image)}`,
        "resample them to one",
      );
    const { data } = image;
    if ((data instanceof Float32Array || data instanceof Float64Array) && !data.every(Number.isFinite))
      throw new TrinephronError(
        "E_VALUE",
        `image ${channels[n]}: voxels that are not a number`,
        "export it again",
      );
  }
}

function mirrorAxes(
  asked: SegmentOptions["mirror"],
  { mirrorAxes, patch }: Plan,
  folder: string,
): readonly number[] {
  if (asked === undefined || asked === false) return [];
  const axes = asked === true ? mirrorAxes : asked;
  if (!axes)
    throw new TrinephronError(
      "E_USAGE",
      `${folder}: nothing tells along which axes its training mirrored`,
      "name them, as in --mirror 0,1,2",
    );
  if (axes.some((axis) => axis >= patch.length))
    throw new TrinephronError(
      "E_USAGE",
      `the network has ${patch.length} axes: none to mirror is ${axes.at(-1)}`,
    );
  // Axes of a network that reads slices are counted without the slices'.
  return patch.length === 2 ? axes.map((axis) => axis + 1) : axes;
}
