import type { Command } from "commander";
import { z } from "zod";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { parseServiceSettings, type ServiceSettings } from "../../service/settings/settings.ts";
import { number, say, wholeNumber } from "./io.ts";

/** Options of `serve` and `work`, as commander parses them: each is a setting of the service by the same name. */
export type ServiceOptions = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly printConfig?: boolean;
};

const list = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(",").map((each) => each.trim()),
];

/** Adds what both commands take. */
export const withReadingOptions = (command: Command): Command =>
  command
    .option("--model <folder>", "a trained model")
    .option("--segmentation <folder>", "a model that outlines kidney and tumour of studies without a mask")
    .option("--rules <file>", "which studies are read, and how; default: all")
    .option("--data <folder>", "everything that the service keeps")
    .option("--database <url>", "PostgreSQL, as postgres://user@host/name; default: embedded in --data")
    .option(
      "--settle <seconds>",
      "a study is complete when no image came for so long; default: 120",
      number("--settle", 0),
    )
    .option("--workers <n>", "studies read at a time; default: 1", wholeNumber("--workers", 0))
    .option("--threads <n>", "threads for each; default: 2", wholeNumber("--threads", 1))
    .option("--no-align", "leave phases as scanned")
    .option("--no-explain", "no explanation maps: faster")
    .option("--no-picture", "no picture of the page, which needs a browser")
    .option("--config <file>", "settings as JSON; options go before them")
    .option("--print-config", "print all settings, and start nothing");

/** Adds what comes in and how. */
export const withIntakeOptions = (command: Command): Command =>
  command
    .option("--host <address>", "of pages and DICOMweb; others need accounts and TLS; default: 127.0.0.1")
    .option("--port <n>", "of pages and DICOMweb; default: 8080", wholeNumber("--port", 0))
    .option("--tls-certificate <file>", "PEM; renewed on SIGHUP")
    .option("--tls-key <file>", "its key, PEM")
    .option("--dicom-port <n>", "takes images by C-STORE", wholeNumber("--dicom-port", 0))
    .option("--ae-title <title>", "of C-STORE; default: TRINEPHRON")
    .option("--callers <titles>", "calling AE titles that may send, with commas; default: all", list)
    .option(
      "--addresses <list>",
      "addresses or networks that may send by C-STORE; default: this machine",
      list,
    )
    .option("--watch <folder>", "takes images from a folder as well");

/** Names of options that differ from those of the settings. */
const renamed: Readonly<Record<string, string>> = { settle: "settleSeconds" };

/** @throws E_USAGE, E_FILE_MISSING, E_FORMAT for a file of settings that is no JSON */
export async function serviceSettingsOf(options: ServiceOptions, command: Command): Promise<ServiceSettings> {
  const { config, printConfig: _, ...own } = options;
  const fromFile =
    config === undefined
      ? {}
      : parseJson(z.record(z.string(), z.unknown()), (await readWhole(config)).toString("utf8"), config);
  // Of a switch that nobody named, as --no-align, commander gives the default, which must not go before the file's.
  const named = Object.entries(own).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return parseServiceSettings(
    {
      ...fromFile,
      ...Object.fromEntries(named.map(([name, value]) => [renamed[name] ?? name, value])),
    },
    config === undefined ? "settings" : `settings of ${config} and options`,
  );
}

/** Runs until a signal asks to stop, and again until all is handed back. A second signal ends it at once. */
export async function untilStopped(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
  });
  say("stopping: what is being read is handed back");
  await stop();
}
