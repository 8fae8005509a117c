import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist } from "../../../base/files.ts";
import { type SegmentedFiles, segmentFiles } from "../../../learning/segmentation/segmentFiles.ts";
import type { DeviceChoice } from "../../../numerics/graph/run/chooseDevice.ts";
import type { Vec3 } from "../../../numerics/volume/volume.ts";
import { deviceOf, deviceOption } from "../support/device.ts";
import {
  type CommonOptions,
  number,
  result,
  say,
  textTable,
  wholeNumber,
  withCommonOptions,
} from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { box } from "../support/places.ts";

interface Options extends CommonOptions {
  readonly model: string;
  readonly out: string;
  readonly configuration?: string;
  readonly mirror?: readonly number[] | boolean;
  readonly step?: number;
  readonly box?: readonly [Vec3, Vec3];
  readonly orientation?: string;
  readonly series?: string;
  readonly labels?: string;
  readonly ownLabels: boolean;
  readonly device: DeviceChoice;
  readonly threads: number;
}

/** Registers `segment image`, which `segment` means where no other of its commands is named. */
export function registerSegmentImage(segment: Command): void {
  withCommonOptions(
    segment
      .command("image", { isDefault: true })
      .description(
        "a mask of one CT by a model of segment train, or an nnU-Net v2 or MONAI bundle exported to ONNX",
      )
      .argument(
        "<image...>",
        "NIfTI file, or folder or ZIP of a DICOM series; one for each channel of the model",
      )
      .requiredOption(
        "--model <folder>",
        "of segment train or join; plans.json, dataset.json and .onnx files; or a MONAI bundle",
      )
      .requiredOption("--out <file>", "the mask: .nii.gz, or .dcm for a DICOM Segmentation")
      .option("--configuration <name>", "of an nnU-Net's plans; by default that exported, else 3d_fullres")
      .option("--mirror [axes]", "average over mirror images, 2 to 8 times as long; axes as in 0,1,2", axes)
      .option("--step <share>", "distance of tiles as a share of a tile", number("--step", 0.05))
      .option("--box <L,P,S,L,P,S>", "look only between two corners, LPS mm: much sooner", box)
      .option("--orientation <codes>", "turn the image first, as in RAS or LPS; by default as it is stored")
      .option("--series <name>", "which DICOM series: its UID, number or description")
      .option("--labels <file>", "name,label table: what the model's labels mean")
      .option("--own-labels", "keep the model's labels, not kidney 1, tumour 2, cyst 3", false)
      .addOption(deviceOption())
      .option("--threads <n>", "threads", wholeNumber("--threads", 1), 2),
  ).action(async (images: readonly string[], options: Options) => {
    await mustNotExist(options.out, options);
    const device = await deviceOf(options.device);
    const found = await longWork((work) => segmentFiles(images, { ...options, device, ...work }), {
      segmenting: "tiles",
    });
    for (const remark of found.remarks) say(remark);
    result(options, found, asText(found));
  });
}

function axes(text: string): readonly number[] {
  const found = text.split(",").map(Number);
  if (found.every((axis) => [0, 1, 2].includes(axis)) && new Set(found).size === found.length) return found;
  throw new TrinephronError("E_USAGE", `--mirror ${text}: not axes of 0, 1 and 2 with commas between`);
}

function asText({ out, model, labels }: SegmentedFiles): string {
  const rows = labels.map(({ label, name, voxels, ml }) => [String(label), name, String(voxels), `${ml} mL`]);
  return `${textTable(["label", "name", "voxels", "volume"], rows)}\n\n${out} written by ${model.kind}`;
}
