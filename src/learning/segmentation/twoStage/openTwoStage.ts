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
import { type Corners, regionBox } from "../run/region.ts";
import {
  checkImages,
  mirrorAxes,
  type OpenOptions,
  type SegmentationModel,
  type SegmentOptions,
} from "../run/segmenter.ts";
import { mirrored } from "../window/tileModel.ts";
import { type CutSides, cutSides, isCut, widened } from "./cutSides.ts";
import { cornersOf, kidneyBoxes } from "./kidneyBoxes.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";
import { readTwoStage } from "./twoStageFolder.ts";
import { type Islands, withoutIslands } from "./withoutIslands.ts";
import { withoutThird } from "./withoutThird.ts";

/**
 * Opens a two-stage model: the coarse network looks at the whole image (or at the box asked for), the fine one within
 * boxes around what the coarse one found. What is small enough is the fine one's alone.
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
      const part = partOf(image, run.box);
      const small = boxSize(part).every((n, a) => n * image.spacing[a] <= config.wholeMm);
      const boxes = small ? [cornersOf(image, part)] : await found(image, finder, config, run);
      const data = await outlined(image, boxes, outliner, config, run);
      const turned = { ...image, data };
      for (const ml of withoutThird(turned, config))
        run.onRemark?.(
          `${ml.toFixed(1)} mL in front of two kidneys dropped: bowel or stomach rather than a third`,
        );
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

/** What is looked at: the image, or the box that was asked for. @throws E_GEOMETRY where that lies outside */
const partOf = (image: Volume, box: Corners | undefined): Box =>
  box ? regionBox(image, box, [1, 1, 1]) : { start: [0, 0, 0], end: image.size };

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
  stage: Stage,
  config: TwoStageConfig,
  run: SegmentOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const labels = new Uint8Array(voxelCount(image));
  const parts: Part[] = [];
  for (const [n, box] of boxes.entries()) {
    const { progress } = run;
    const label = `outlining, ${n + 1} of ${boxes.length}`;
    const part = await outlinedIn(image, box, stage, config, {
      ...run,
      progress: progress && ((_, done, total) => progress(label, done, total)),
    });
    put(part, labels, image.size);
    parts.push(part);
  }
  for (const remark of remarksOn(parts)) run.onRemark?.(remark);
  return labels;
}

/** What the fine network outlined in one box. */
interface Part {
  readonly labels: Uint8Array;
  readonly box: Box;
  readonly dropped: Islands;
  readonly cut: CutSides;
}

/** Outlines within a box; where the box cuts the outline, once more within a wider one, no more than that for its time. */
async function outlinedIn(
  image: Volume,
  corners: Corners,
  { plan, model }: Stage,
  config: TwoStageConfig,
  { step = 1 - config.fineOverlap, mirror, signal, progress }: SegmentOptions,
): Promise<Part> {
  const within = async (box: Corners): Promise<Part> => {
    const prepared = plan.prepare([image], { box, step });
    const labels = await partLabels(prepared, model(mirror), plan.classes, { signal, progress });
    const place = prepared.place.box;
    const dropped = withoutIslands(labels, boxSize(place), image.spacing, config);
    return { labels, box: place, dropped, cut: cutSides(labels, place, image.size, image.spacing) };
  };
  const first = await within(corners);
  if (!isCut(first.cut) || config.widenMm === 0) return first;
  return within(cornersOf(image, widened(first.box, first.cut, config.widenMm, image.spacing)));
}

function remarksOn(parts: readonly Part[]): string[] {
  const pieces = parts.reduce((sum, { dropped }) => sum + dropped.pieces, 0);
  const ml = parts.reduce((sum, { dropped }) => sum + dropped.ml, 0);
  const empty = parts.filter(({ labels }) => labels.every((label) => label === 0)).length;
  return [
    ...(pieces > 0
      ? [`${pieces} pieces of ${ml.toFixed(1)} mL in all dropped: too small for a kidney and away from one`]
      : []),
    ...(empty > 0
      ? [`${empty} of ${parts.length} places that the coarse network found hold no kidney for the fine one`]
      : []),
    ...(parts.some(({ cut }) => isCut(cut))
      ? ["an outline reaches the edge of the part that was looked at: it may go on beyond"]
      : []),
  ];
}

/** Writes the labels of a box where there are none yet. */
function put({ labels, box: { start, end } }: Part, whole: Uint8Array, size: Volume["size"]): void {
  let n = 0;
  for (let k = start[2]; k < end[2]; k++)
    for (let j = start[1]; j < end[1]; j++)
      for (let i = start[0], to = i + size[0] * (j + size[1] * k); i < end[0]; i++, n++, to++)
        if (labels[n] > 0 && whole[to] === 0) whole[to] = labels[n];
}
