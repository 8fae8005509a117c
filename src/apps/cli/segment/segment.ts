import type { Command } from "commander";
import { register as image } from "./segmentImage.ts";

export function register(program: Command): void {
  const segment = program
    .command("segment")
    .description("outline kidney and tumour by a segmentation network of your own");
  for (const add of [image]) add(segment);
}
