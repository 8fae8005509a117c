import { styleText } from "node:util";
import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";

export { textTable } from "../../../page/textTable.ts";

/** Options every command takes, as commander parses them. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly seed: number;
  readonly force?: boolean;
}

/** Adds `--json`, `--seed` and `--force` to a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "machine-readable result on stdout, all else on stderr")
    .option("--seed <n>", "seed of every random draw", wholeNumber("--seed", 0), 1)
    .option("--force", "overwrite an output that is there");
}

/** A commander argument parser that refuses anything but a whole number of at least `minimum`. */
export function wholeNumber(option: string, minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum)
      throw new TrinephronError("E_USAGE", `${option} ${text}: not a whole number of at least ${minimum}`);
    return value;
  };
}

/** A commander argument parser that refuses anything but a number of at least `minimum`. */
export function number(option: string, minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < minimum)
      throw new TrinephronError("E_USAGE", `${option} ${text}: not a number of at least ${minimum}`);
    return value;
  };
}

/** A commander argument parser that refuses any word but the listed ones. */
export const oneOf =
  <T extends string>(option: string, words: readonly T[]) =>
  (text: string): T => {
    const word = words.find((w) => w === text);
    if (word === undefined)
      throw new TrinephronError("E_USAGE", `${option} ${text}: not one of ${words.join(", ")}`);
    return word;
  };

/** A line for the user, on stderr. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The command's result: JSON on stdout with `--json`, else the text. */
export function result(options: { readonly json?: boolean }, json: unknown, text: string): void {
  process.stdout.write(
    options.json ? `${JSON.stringify(json, null, 2)}\n` : text.endsWith("\n") ? text : `${text}\n`,
  );
}

export const heading = (text: string): string => styleText("bold", text, { stream: process.stderr });
