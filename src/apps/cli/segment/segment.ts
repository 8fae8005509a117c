import type { Command } from "commander";
import { register as image } from "./segmentImage.ts";
import { registerSegmentTrain } from "./segmentTrain.ts";

export function register(program: Command): void {
  const segment = program
    .command("segment")
    .description("outline kidney and tumour by a segmentation network, and train one");
  for (const add of [image, registerSegmentTrain]) add(segment);
}
