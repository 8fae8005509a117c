import { Command, CommanderError } from "commander";
import { TrinephronError } from "../../base/errors.ts";
import { fileError } from "../../base/files.ts";
import { version } from "../../base/version.ts";
import { exitOnSignals } from "./support/interrupt.ts";

interface CommandModule {
  readonly register: (program: Command) => void;
}

/** Each command, loaded alone where it is named: loading all, as `--help` does, takes most of a short command's time. */
const commands: Readonly<Record<string, () => Promise<CommandModule>>> = {
  demo: () => import("./demo.ts"),
  cohort: () => import("./cohort/cohort.ts"),
  dicom: () => import("./dicom/dicom.ts"),
  nephrometry: () => import("./nephrometry.ts"),
  pretrain: () => import("./pretrain.ts"),
  train: () => import("./train.ts"),
  validate: () => import("./validate.ts"),
  predict: () => import("./predict.ts"),
  segment: () => import("./segment/segment.ts"),
  experiment: () => import("./experiment.ts"),
  model: () => import("./model.ts"),
  readers: () => import("./readers/readers.ts"),
  report: () => import("./report.ts"),
  compare: () => import("./compare.ts"),
  room: () => import("./room.ts"),
  serve: () => import("./serve.ts"),
  work: () => import("./work.ts"),
  backup: () => import("./backup.ts"),
  restore: () => import("./restore.ts"),
  audit: () => import("./audit/audit.ts"),
  account: () => import("./account/account.ts"),
  token: () => import("./token/token.ts"),
};

/** Parses and runs one command line; sets the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  exitOnSignals();
  try {
    const program = new Command("trinephron")
      .description("Three answers from one multiphase kidney CT. Research use only.")
      .version(version)
      .option("--debug", "print stack traces")
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "E_USAGE: ")) });
    for (const { register } of await modules(argv)) register(program);
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error, argv.includes("--debug"));
  }
}

function modules(argv: readonly string[]): Promise<CommandModule[]> {
  const named = argv.find((word) => !word.startsWith("-")) ?? "";
  const wanted = Object.hasOwn(commands, named) ? [commands[named]] : Object.values(commands);
  return Promise.all(wanted.map((load) => load()));
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
