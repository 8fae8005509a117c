import { Command, CommanderError } from "commander";
import { TrinephronError } from "../errors.ts";
import { fileError } from "../files.ts";
import { version } from "../version.ts";
import { register as cohort } from "./cohort.ts";
import { register as compare } from "./compare.ts";
import { register as demo } from "./demo.ts";
import { register as dicom } from "./dicom.ts";
import { exitOnSignals } from "./interrupt.ts";
import { register as model } from "./model.ts";
import { register as nephrometry } from "./nephrometry.ts";
import { register as predict } from "./predict.ts";
import { register as readers } from "./readers.ts";
import { register as report } from "./report.ts";
import { register as study } from "./study.ts";
import { register as train } from "./train.ts";
import { register as validate } from "./validate.ts";

/** Each command: a module exporting `register(program)`; loaded all, so that `--help` lists them. */
const commands: ((program: Command) => void)[] = [
  demo,
  cohort,
  dicom,
  nephrometry,
  train,
  validate,
  predict,
  study,
  model,
  readers,
  report,
  compare,
];

/** Parses and runs one command line; sets the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("trinephron")
    .description("Three answers from one multiphase kidney CT. Research use only.")
    .version(version)
    .option("--debug", "print stack traces")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "E_USAGE: ")) });
  for (const register of commands) register(program);
  exitOnSignals();
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error, argv.includes("--debug"));
  }
}

function reportError(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  const known = error instanceof TrinephronError ? error : systemError(error);
  process.stderr.write(`${known.line}\n`);
  return known.code === "E_USAGE" ? 2 : 1;
}

/** The operating system's own refusals, in our words. */
function systemError(error: unknown): TrinephronError {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const where = path ?? "an output";
  if (["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes(code ?? ""))
    return fileError(error, where, "E_FILE_WRITE");
  if (code === "ENOENT") return new TrinephronError("E_FILE_MISSING", `${where} is not there`);
  if (code === "ENOTDIR" || code === "EISDIR")
    return new TrinephronError("E_FILE_MISSING", `${where}: a file where a folder should be, or the reverse`);
  return new TrinephronError(
    "E_RUNTIME",
    `unexpected: ${message ?? String(error)}`,
    "run again with --debug and report it",
  );
}
