import { resolve } from "node:path";
import type { Command } from "commander";
import type { Case } from "../../../patients/cohort/case.ts";
import { labelOf, studyTasks } from "../../../patients/cohort/tasks.ts";
import { simulateCohort } from "../../../patients/synthetic/phantom/simulateCohort.ts";
import {
  type CommonOptions,
  number,
  result,
  textTable,
  wholeNumber,
  withCommonOptions,
} from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly casesA: number;
  readonly casesB: number;
  readonly spacing: number;
  readonly threads?: number;
}

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("phantom")
      .description("simulate a two-centre cohort whole: kidneys, tumours, labels and three painted phases")
      .requiredOption("--out <folder>", "folder of the cohort")
      .option("--cases-a <n>", "cases of centre A", wholeNumber("--cases-a", 0), 320)
      .option("--cases-b <n>", "cases of centre B", wholeNumber("--cases-b", 0), 160)
      .option("--spacing <mm>", "voxel size", number("--spacing", 0.5), 2)
      .option("--threads <n>", "cases at a time; by default one a core", wholeNumber("--threads", 1)),
  ).action(async (options: Options) => {
    const { out, casesA, casesB } = options;
    const { cases } = await longWork((work) =>
      simulateCohort({ ...options, centers: { A: casesA, B: casesB }, ...work }),
    );
    const rows = prevalences(cases);
    result(
      options,
      { folder: resolve(out), cases: cases.length, source: "procedural", prevalences: rows },
      [
        `${cases.length} cases simulated into ${out} (no patient, no real CT)`,
        textTable(
          ["Centre", "Positive", "n"],
          rows.map((r) => [r.center, r.positive, `${r.n} of ${r.of}`]),
        ),
      ].join("\n\n"),
    );
  });
}

/** How many cases of each centre are positive in each task. */
function prevalences(cases: readonly Case[]) {
  return [...new Set(cases.map((c) => c.center))].flatMap((center) =>
    studyTasks.map((task) => {
      const labels = cases.filter((c) => c.center === center).map((c) => labelOf(task, c));
      return {
        center,
        task: task.name,
        positive: task.positive.words,
        n: labels.filter((l) => l === 1).length,
        of: labels.filter((l) => l !== undefined).length,
      };
    }),
  );
}
