import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { fileError } from "../../base/files.ts";
import type { Volume } from "../../numerics/volume/index.ts";
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
import { checkImages, mirrorAxes, type OpenOptions, type SegmentationModel } from "./run/segmenter.ts";
import { openTwoStage } from "./twoStage/openTwoStage.ts";
import { twoStageFiles } from "./twoStage/twoStageFolder.ts";
import { mirrored } from "./window/tileModel.ts";

export type { OpenOptions, SegmentationModel, SegmentOptions } from "./run/segmenter.ts";

/** What a model says of itself. */
interface Plan {
  readonly kind: SegmentationModel["kind"];
  readonly channels: readonly string[];
  readonly classes: Classes;
  readonly orientation?: string | undefined;
  readonly patch: readonly number[];
  /** Axes of the network that training mirrored; undefined where nothing tells. */
  readonly mirrorAxes?: readonly number[] | undefined;
  /** What a user should know of it. */
  readonly remarks?: readonly string[];
  prepare(images: readonly Volume[], run: RunOptions): Prepared;
}

/**
 * Opens the folder of a model of `segment train`, of two of them that are joined (`two-stage.json`), of an nnU-Net v2
 * (`plans.json`, `dataset.json`) or of a MONAI bundle (`configs/`), with its networks as ONNX files: in the folder itself, in `models/`, or in `fold_0`, `fold_1` and so on,
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
  if (entries.includes(twoStageFiles.config)) return openTwoStage(folder, options);
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
      `${folder}: no ${segmentationFiles.model}, no ${twoStageFiles.config}, no plans.json of an nnU-Net, no configs of a MONAI bundle`,
      "docs/segmentation-models.md tells how to export a model",
    );
  const networks = await networksIn(folder, entries);
  const { channels, classes, patch, kind } = plan;
  const network = await openNetwork(networks, { channels: channels.length, patch }, options);
  return {
    kind,
    channels,
    labels: classes.names,
    sha256: network.sha256,
    remarks: [
      ...(plan.remarks ?? []),
      ...(networks.length > 1 ? [`answers of ${networks.length} networks are averaged`] : []),
      ...network.remarks,
    ],
    close: network.close,
    async segment(images, run = {}) {
      checkImages(images, channels);
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
