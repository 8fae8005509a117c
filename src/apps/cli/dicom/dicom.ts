import type { Command } from "commander";
import { register as info } from "./dicomInfo.ts";

/** Registers `dicom` and its subcommands. */
export function register(program: Command): void {
  info(program.command("dicom").description("read a hospital's DICOM files"));
}
