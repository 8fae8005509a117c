import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { readCohort } from "../cohort/csv.ts";
import { TrinephronError } from "../errors.ts";
import { readWhole, writeWhole } from "../files.ts";
import {
  parsePlan,
  runDesign,
  type StudyResults,
  studyFile,
  studyTables,
  type TrainingItem,
  trainingItems,
  usualPlan,
} from "../validate/design/index.ts";
import { interruptible } from "./interrupt.ts";
import {
  type CommonOptions,
  heading,
  number,
  progress,
  result,
  say,
  textTable,
  withCommonOptions,
} from "./io.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly plan?: string;
  readonly minutes?: number;
  readonly only?: readonly TrainingItem[];
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("study")
      .description(
        "a plan of cross-validation, repeated seeds, ablations, subgroups, robustness and failure analysis",
      )
      .argument("<cohort>", "folder of cohort.csv")
      .requiredOption("--out <folder>", "where study.json, study.txt, models and pictures go")
      .option(
        "--plan <file>",
        "plan.json (docs/design-study.md); without it 5 folds, 3 seeds and their tests",
      )
      .option("--minutes <n>", "stop after about so many; the same command goes on", number("--minutes", 0))
      .option("--only <list>", `train for these items alone: ${trainingItems.join(", ")}`, itemList),
  ).action(async (folder: string, options: Options, command: Command) => {
    const { out, plan: path, minutes, only } = options;
    const text = path === undefined ? undefined : (await readWhole(path)).toString("utf8");
    const parsed = text === undefined ? usualPlan() : parsePlan(text, path!);
    // The plan has a seed of its own.
    const plan = command.getOptionValueSource("seed") === "cli" ? { ...parsed, seed: options.seed } : parsed;
    const cohort = await readCohort(folder);
    if (options.force) await forget(out);
    const bars = new Map<string, ReturnType<typeof progress>>();
    const results = await interruptible((signal) =>
      runDesign({
        cohort,
        plan,
        folder: out,
        cacheFolder: join(cohort.folder, ".crops"),
        created: new Date().toISOString(),
        only,
        signal,
        deadline: minutes === undefined ? undefined : AbortSignal.timeout(Math.round(minutes * 60_000)),
        onProgress: ({ item, model, what, done, total, detail }) => {
          const label = `${item}: ${what} ${model}`;
          if (!bars.has(label)) bars.set(label, progress(label, total));
          bars.get(label)!.step(done, detail);
          if (done === total) bars.get(label)!.end();
        },
      }),
    ).finally(() => bars.forEach((bar) => bar.end()));
    const tables = studyText(results);
    await writeWhole(join(out, "study.txt"), `${tables}\n`);
    for (const { item, what } of results.left) say(`left: ${item}: ${what}`);
    if (results.left.length > 0) say(heading("the same command goes on"));
    result(options, results, tables);
  });
}

/** Notes, then each table under its title. */
function studyText(results: StudyResults): string {
  const { title, development, external, sources, left, notes, leakage } = results;
  const images = sources.every((source) => source === "real") ? "" : `; images: ${sources.join(", ")}`;
  return [
    `${title}: developed at centre ${development}, external ${external.join(", ") || "none"}${images}`,
    ...notes,
    ...left.map(({ item, what }) => `Not finished: ${item}: ${what}.`),
    `No leakage found: ${leakage.cases} cases, ${leakage.models} models.`,
    ...studyTables(results).map(({ title, header, rows }) => `\n${title}\n${textTable(header, rows)}`),
  ].join("\n");
}

function itemList(text: string): TrainingItem[] {
  return text.split(",").map((word) => {
    const item = trainingItems.find((name) => name === word.trim());
    if (item) return item;
    throw new TrinephronError("E_USAGE", `--only ${word}: not one of ${trainingItems.join(", ")}`);
  });
}

/** Removes what an earlier study left in the folder, and nothing else. */
async function forget(out: string): Promise<void> {
  if (!existsSync(join(out, "fingerprints.json")) && !existsSync(join(out, studyFile))) return;
  for (const name of ["models", "failures", "fingerprints.json", studyFile, "study.txt"])
    await rm(join(out, name), { recursive: true, force: true });
}
