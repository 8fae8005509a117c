import type { Command } from "commander";
import { registerSegmentCompare } from "./segmentCompare.ts";

/** Registers `segment` and its subcommands. */
export function register(program: Command): void {
  registerSegmentCompare(
    program.command("segment").description("outlines of kidney and tumour, and how good they are"),
  );
}
