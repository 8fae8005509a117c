import { join } from "node:path";
import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { readPredictions } from "../../../evidence/predictions/predictions.ts";
import {
  type Design,
  designs,
  type FormReader,
  type Scale,
  scales,
} from "../../../evidence/readers/form/form.ts";
import { writeForms } from "../../../evidence/readers/writeForms.ts";
import { readCohort } from "../../../patients/cohort/csv.ts";
import type { Task } from "../../../patients/cohort/taskDefinition.ts";
import { chosenTasks, namesOf, tasksOf } from "../../../patients/cohort/tasks.ts";
import { type CommonOptions, oneOf, result, say, textTable, withCommonOptions } from "../support/io.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly readers: readonly FormReader[];
  readonly center: readonly string[];
  readonly tasks?: readonly Task[];
  readonly scale: Scale;
  readonly aided?: string;
  readonly model: string;
  readonly design: Design;
}

export function register(readers: Command): void {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  withCommonOptions(
    readers
      .command("form")
      .description(
        "blank reading forms: for each reader a page for the browser and a table, cases in drawn order",
      )
      .argument("<cohort>", "folder of cohort.csv")
      .requiredOption("--out <folder>", "where the forms go")
      .requiredOption("--readers <names>", "A,B or, with their experience, A=junior,B=senior", readerList)
      .option("--center <name>", "cases of this centre only; repeatable", collect, [])
      .option("--tasks <names>", "what is asked; default: every task of the cohort", taskList)
      .option("--scale <name>", "percent (0 to 100) or five (1 to 5)", oneOf("--scale", scales), "percent")
      .option("--aided <file>", "predictions.csv: read also with the model’s answer in sight")
      .option("--model <id>", "whose answers of predictions.csv are shown", "mtdl")
      .option(
        "--design <name>",
        "with --aided: sequential (without, then at once with) or crossover (two sessions)",
        oneOf("--design", designs),
        "sequential",
      ),
  ).action(async (folder: string, options: Options) => {
    const cohort = await readCohort(folder, { onWarning: say });
    const all = tasksOf(cohort);
    const chosen = options.tasks && chosenTasks(all, options.tasks, "--tasks");
    const tasks = all.filter((task) => chosen?.includes(task) ?? true);
    const predictions =
      options.aided === undefined ? undefined : await readPredictions(options.aided, namesOf(all));
    const { readers, scale, seed, model, design, center: centers, out, force } = options;
    const { manifest, files } = await writeForms(cohort, {
      ...{ readers, tasks, scale, seed, centers, out, force },
      ...(predictions && { aid: { predictions, model, design } }),
    });
    result(
      options,
      { ...manifest, files: files.map(({ name }) => join(out, name)) },
      [
        `${manifest.cases.length} cases for ${readers.length} reader${readers.length === 1 ? "" : "s"}, study ${manifest.study}`,
        textTable(
          ["reader", "experience", "files"],
          readers.map(({ reader, experience }) => [
            reader,
            experience,
            files
              .filter((f) => f.reader === reader)
              .map((f) => f.name)
              .join(", "),
          ]),
        ),
      ].join("\n\n"),
    );
  });
}

function readerList(text: string): FormReader[] {
  return text.split(",").map((item) => {
    const [reader, experience = "not given", ...more] = item.split("=").map((part) => part.trim());
    if (reader === "" || experience === "" || more.length > 0)
      throw new TrinephronError("E_USAGE", `--readers ${text}: write A,B or A=junior,B=senior`);
    return { reader, experience };
  });
}

const taskList = (text: string): Task[] => text.split(",").map((name) => name.trim());
