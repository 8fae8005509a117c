import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import type { Volume, VoxelArray } from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import { copyStrided } from "../../../numerics/volume/voxels.ts";
import type { Outline } from "../../../patients/study/assembled.ts";
import { kidneyLabels } from "../kidneyLabels.ts";
import type { Corners } from "../run/region.ts";
import type { SegmentationModel } from "../run/segmenter.ts";
import { dice, overlap } from "../scores/overlap.ts";
import { openSegmentationModel } from "../segmentationModel.ts";
import { aroundPointed, mirroredCorners } from "./pointedRegion.ts";
import { pointedMask, unseenMask } from "./studyMask.ts";

/**
 * Outlines kidneys and tumour of a study by a segmentation model, once as scanned and once mirrored, and refuses what it
 * doubts. Where a user points at the tumour, the region around it is outlined, that tumour is taken, and nothing is
 * refused that can be grown from there. The model is opened when it is needed.
 * @param folder as `segment` takes it
 * @returns an outline that throws E_MASK where no kidney or tumour is found, or what is found is implausible; E_MODEL for
 * a model that reads several images or knows no kidney; E_FILE_MISSING, E_FORMAT for a broken one; E_INTERRUPTED
 */
export const outlineWith =
  (folder: string, { threads, signal, progress }: Work = {}): Outline =>
  async (image, phase, pointed) => {
    const model = await openSegmentationModel(folder, { threads });
    try {
      if (model.channels.length !== 1)
        throw new TrinephronError(
          "E_MODEL",
          `${folder}: reads ${model.channels.length} images: ${model.channels.join(", ")}`,
          "a study is outlined by a model of one CT; outline it by segment and give the mask",
        );
      const said: string[] = [];
      const around = pointed && aroundPointed(pointed);
      const run = (of: Volume, pass: string, box?: Corners, onRemark?: (remark: string) => void) =>
        kidneysBy(model, of, folder, {
          box,
          signal,
          progress: progress && ((step, done, total) => progress(`${step} (${pass})`, done, total)),
          onRemark,
        });
      const volume = await run(image, "as scanned", around, (remark) => said.push(remark));
      const there = around && mirroredCorners(image, around);
      const again = mirrored(await run(mirrored(image), "mirrored", there));
      const agreement = {
        kidney: agreementOf(volume.data, again.data, (label) => label > 0),
        tumor: agreementOf(volume.data, again.data, (label) => label === 2),
      };
      const name = model.kind === "trinephron" ? "trinephron segmentation model" : model.kind;
      const program = `${name} ${model.sha256.slice(0, 12)}`;
      const outline = { program, sha256: model.sha256, phase, agreement };
      const remarks = [...model.remarks.map((remark) => `the program: ${remark}`), ...said];
      return pointed
        ? pointedMask(image, volume, pointed, outline, remarks)
        : unseenMask(volume, outline, remarks);
    } finally {
      await model.close();
    }
  };

/**
 * SHA-256 of a segmentation model's networks, which tells it from others; it is opened for that, so a broken one is told
 * of before long work begins.
 * @throws as `openSegmentationModel`
 */
export async function segmentationHash(folder: string): Promise<string> {
  const { sha256, close } = await openSegmentationModel(folder, { threads: 1 });
  await close();
  return sha256;
}

async function kidneysBy(
  model: SegmentationModel,
  image: Volume,
  folder: string,
  options: Parameters<SegmentationModel["segment"]>[1],
): Promise<Volume<Uint8Array>> {
  const own = await model.segment([image], options);
  const { mask } = kidneyLabels(own, model.labels);
  if (mask) return mask;
  throw new TrinephronError(
    "E_MODEL",
    `${folder}: no kidney, tumour or cyst among ${[...model.labels.values()].join(", ")}`,
    "outline it by segment with --labels, and give the mask",
  );
}

/** The image as in a mirror along i, on the same grid. */
function mirrored<T extends VoxelArray>(volume: Volume<T>): Volume<T> {
  const [nx, ny] = volume.size;
  return { ...volume, data: copyStrided(volume.data, volume.size, nx - 1, [-1, nx, nx * ny]) };
}

/** Dice of the voxels of such labels; 1 where neither has any. */
const agreementOf = (a: Uint8Array, b: Uint8Array, such: (label: number) => boolean): number =>
  dice(overlap(maskOf(a, such), maskOf(b, such))) ?? 1;
