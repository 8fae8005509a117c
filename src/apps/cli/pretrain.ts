import type { Command } from "commander";
import { z } from "zod";
import { readWhole } from "../../base/files.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { pretrain } from "../../learning/pretrain/pretrain.ts";
import { parsePretrainSettings } from "../../learning/pretrain/pretrainSettings.ts";
import { type CommonOptions, result, textTable, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly settings?: string;
  readonly rounds?: number;
  readonly threads?: number;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("pretrain")
      .description("pretrain a base model, which models may start from, on simulated kidney tumours alone")
      .requiredOption("--out <folder>", "where the base model, its checkpoint and its log go")
      .option("--settings <file>", "JSON of settings (docs/pretraining.md); options here win over it")
      .option("--rounds <n>", "rounds of new phantoms", wholeNumber("--rounds", 1))
      .option("--threads <n>", "threads", wholeNumber("--threads", 1)),
  ).action(async (options: Options, command: Command) => {
    const { out, settings: path, force } = options;
    const text = path === undefined ? "{}" : (await readWhole(path)).toString("utf8");
    const file = parseJson(z.record(z.string(), z.unknown()), text, path ?? "");
    const chosen = (["seed", "rounds", "threads"] as const).filter(
      (name) => command.getOptionValueSource(name) === "cli",
    );
    const settings = parsePretrainSettings(
      { ...file, ...Object.fromEntries(chosen.map((name) => [name, options[name]])) },
      `settings${path === undefined ? "" : ` of ${path}`}`,
    );
    const config = await longWork((work) => pretrain(settings, { folder: out, force, ...work }));
    const table = textTable(
      ["number", "R², masks", "R², own outlines"],
      config.targets.map(({ name, explained }) => [
        name,
        explained.masks?.toFixed(2) ?? "–",
        explained.outlines?.toFixed(2) ?? "–",
      ]),
    );
    const { kidney, tumor } = config.dice;
    result(
      options,
      config,
      `${table}\n\nDice of its outlines: kidney ${kidney.toFixed(2)}, tumour ${tumor.toFixed(2)}; of ${config.validation} simulated tumours it has not seen`,
    );
  });
}
