import { resolve } from "node:path";
import type { Command } from "commander";
import type { Case } from "../cohort/case.ts";
import { writeCohort } from "../cohort/csv.ts";
import { claimFolder } from "../cohort/paint/index.ts";
import { writePhantomCohort } from "../cohort/phantom/index.ts";
import { definitions, tasks } from "../cohort/tasks.ts";
import { interruptible } from "./interrupt.ts";
import {
  type CommonOptions,
  number,
  progress,
  result,
  textTable,
  wholeNumber,
  withCommonOptions,
} from "./io.ts";

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
    const cases = await phantomWithProgress({ ...options, centers: { A: casesA, B: casesB } });
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

/** Simulates a cohort with a progress bar and writes its `cohort.csv` last; Ctrl-C keeps whole cases. */
export async function phantomWithProgress(options: {
  readonly out: string;
  readonly centers: Readonly<Record<string, number>>;
  readonly spacing: number;
  readonly seed: number;
  readonly threads?: number;
  readonly force?: boolean;
}): Promise<Case[]> {
  const { out, centers, spacing, seed, threads } = options;
  await claimFolder(out, "procedural", { centers, spacing, seed }, options.force);
  const total = Object.values(centers).reduce((a, b) => a + b, 0);
  const bar = progress("simulating", total);
  const cases = await interruptible((signal) =>
    writePhantomCohort({ out, centers, spacing, seed, threads, signal, progress: bar.step }),
  ).finally(() => bar.end());
  await writeCohort({ folder: resolve(out), cases });
  return cases;
}

/** How many cases of each centre are positive in each task. */
function prevalences(cases: readonly Case[]) {
  return [...new Set(cases.map((c) => c.center))].flatMap((center) =>
    tasks.map((task) => {
      const labels = cases.filter((c) => c.center === center).map(definitions[task].label);
      return {
        center,
        task,
        positive: definitions[task].positive,
        n: labels.filter((l) => l === 1).length,
        of: labels.filter((l) => l !== undefined).length,
      };
    }),
  );
}
