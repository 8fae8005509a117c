import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Box, boxSize, type Volume, voxelCount } from "../../../numerics/volume/index.ts";
import { orientationOf, oriented } from "../../../numerics/volume/resample/orient.ts";
import { foundKidneys, foundText } from "../foundKidneys.ts";
import { segmentationFiles } from "../own/segmentationFolder.ts";
import { planOf } from "../own/segmentationPlan.ts";
import { gridLabels } from "../run/gridLabels.ts";
import { openNetwork } from "../run/network.ts";
import { partLabels } from "../run/prepared.ts";
import type { Corners } from "../run/region.ts";
import {
  checkImages,
  mirrorAxes,
  type OpenOptions,
  type SegmentationModel,
  type SegmentOptions,
} from "../run/segmenter.ts";
import { mirrored } from "../window/tileModel.ts";
import { kidneyBoxes } from "./kidneyBoxes.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";
import { readTwoStage } from "./twoStageFolder.ts";
import { type Islands, withoutIslands } from "./withoutIslands.ts";

/**
 * Opens a two-stage model: the coarse network looks at the whole image (or at the box asked for), the fine one within
 * boxes around what the coarse one found.
 * @throws as `readTwoStage` and `openNetwork`
 */
export async function openTwoStage(folder: string, options: OpenOptions): Promise<SegmentationModel> {
  const { config, coarse, fine } = await readTwoStage(folder);
  const finder = await openStage(folder, config.coarse, coarse, options);
  const outliner = await openStage(folder, config.fine, fine, options).catch(async (error) => {
    await finder.close();
    throw error;
  });
  const { channels, classes } = outliner.plan;
  const simulated = [coarse, fine].every(({ source }) => source === "drawn");
  return {
    kind: "trinephron",
    channels,
    labels: classes.names,
    remarks: simulated ? ["learnt from simulated scans alone"] : [],
    sha256: createHash("sha256")
      .update(JSON.stringify([config, finder.sha256, outliner.sha256]))
      .digest("hex"),
    async close() {
      await finder.close();
      await outliner.close();
    },
    async segment(images, run = {}) {
      checkImages(images, channels);
      const [image] = images.map((volume) => oriented(volume, run.orientation ?? "LPS"));
      const boxes = await found(image, finder, config, run);
      const data = await outlined(image, boxes, outliner, config, run);
      const turned = { ...image, data };
      run.onRemark?.(foundText(foundKidneys(turned, config.leastMl)));
      const { size, spacing, origin, direction } = images[0];
      return { size, spacing, origin, direction, data: oriented(turned, orientationOf(images[0])).data };
    },
  };
}

type Stage = Awaited<ReturnType<typeof openStage>>;

async function openStage(
  folder: string,
  name: string,
  config: Parameters<typeof planOf>[0],
  options: OpenOptions,
) {
  const plan = planOf(config);
  const path = join(folder, name, segmentationFiles.model);
  const network = await openNetwork([path], { channels: 1, patch: plan.patch }, options);
  const model = (mirror: SegmentOptions["mirror"]) =>
    mirrored(network.model, mirrorAxes(mirror, plan, join(folder, name)));
  return { plan, model, sha256: network.sha256, close: network.close };
}

/** Where the coarse network sees kidneys. */
async function found(
  image: Volume,
  { plan, model }: Stage,
  config: TwoStageConfig,
  { box, step = 1 - config.coarseOverlap, mirror, signal, progress, onRemark }: SegmentOptions,
): Promise<readonly Corners[]> {
  const prepared = plan.prepare([image], { box, step });
  const data = await gridLabels(prepared, model(mirror), plan.classes, {
    signal,
    progress: progress && ((_, done, total) => progress("finding kidneys", done, total)),
  });
  const { boxes, passedOver } = kidneyBoxes({ ...prepared.grid, data }, config);
  if (passedOver > 0)
    onRemark?.(`${passedOver} more places that the coarse network took for kidneys were not looked at`);
  return boxes;
}

/** The fine network's labels within the boxes, on the image's voxels; where boxes meet, the first that has any. */
async function outlined(
  image: Volume,
  boxes: readonly Corners[],
  { plan, model }: Stage,
  config: TwoStageConfig,
  { step = 1 - config.fineOverlap, mirror, signal, progress, onRemark }: SegmentOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const labels = new Uint8Array(voxelCount(image));
  const dropped: Islands[] = [];
  let [empty, cut] = [0, 0];
  for (const [n, box] of boxes.entries()) {
    const label = `outlining, ${n + 1} of ${boxes.length}`;
    const prepared = plan.prepare([image], { box, step });
    const part = await partLabels(prepared, model(mirror), plan.classes, {
      signal,
      progress: progress && ((_, done, total) => progress(label, done, total)),
    });
    const { box: place } = prepared.place;
    dropped.push(withoutIslands(part, boxSize(place), image.spacing, config));
    const ends = put(part, place, labels, image.size);
    if (ends.voxels === 0) empty++;
    if (ends.cut) cut++;
  }
  const pieces = dropped.reduce((sum, { pieces }) => sum + pieces, 0);
  const ml = dropped.reduce((sum, { ml }) => sum + ml, 0);
  if (pieces > 0)
    onRemark?.(
      `${pieces} pieces of ${ml.toFixed(1)} mL in all dropped: too small for a kidney and away from one`,
    );
  if (empty > 0)
    onRemark?.(
      `${empty} of ${boxes.length} places that the coarse network found hold no kidney for the fine one`,
    );
  if (cut > 0) onRemark?.("an outline reaches the edge of the part that was looked at: it may go on beyond");
  return labels;
}

/** Writes labels of a box where there are none yet. @returns how many it has, and whether the box cuts them within the image */
function put(part: Uint8Array, { start, end }: Box, whole: Uint8Array, size: Volume["size"]) {
  let [n, voxels, cut] = [0, 0, false];
  const edge = (at: number, a: number) =>
    (at === start[a] && at > 0) || (at === end[a] - 1 && at < size[a] - 1);
  for (let k = start[2]; k < end[2]; k++)
    for (let j = start[1]; j < end[1]; j++)
      for (let i = start[0], to = i + size[0] * (j + size[1] * k); i < end[0]; i++, n++, to++) {
        if (part[n] === 0) continue;
        voxels++;
        cut ||= edge(i, 0) || edge(j, 1) || edge(k, 2);
        if (whole[to] === 0) whole[to] = part[n];
      }
  return { voxels, cut };
}
