import type { Command } from "commander";
import { registerSegmentCompare } from "./segmentCompare.ts";
import { registerSegmentImage } from "./segmentImage.ts";
import { registerSegmentJoin } from "./segmentJoin.ts";
import { registerSegmentKidneys } from "./segmentKidneys.ts";
import { registerSegmentTrain } from "./segmentTrain.ts";

export function register(program: Command): void {
  const segment = program
    .command("segment")
    .description("outline kidney and tumour by a segmentation network, train one, score outlines");
  for (const add of [
    registerSegmentImage,
    registerSegmentTrain,
    registerSegmentKidneys,
    registerSegmentJoin,
    registerSegmentCompare,
  ])
    add(segment);
}
