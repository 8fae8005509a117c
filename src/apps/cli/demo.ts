import { join, resolve } from "node:path";
import type { Command } from "commander";
import { checkLabels } from "../../evidence/validate/validateModels.ts";
import { completeSettings } from "../../learning/trained/baseModel.ts";
import type { DeviceChoice } from "../../numerics/graph/run/chooseDevice.ts";
import { readCohort } from "../../patients/cohort/csv.ts";
import { studyNames, studyTasks } from "../../patients/cohort/tasks.ts";
import { simulateCohort } from "../../patients/synthetic/phantom/simulateCohort.ts";
import { textSummary } from "../../report/textSummary.ts";
import { deviceOf, deviceOption } from "./support/device.ts";
import { type CommonOptions, heading, result, say, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";
import { trainWithProgress } from "./train.ts";
import { validateWithProgress } from "./validate.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly casesA: number;
  readonly casesB: number;
  readonly epochs: number;
  readonly device: DeviceChoice;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("demo")
      .description(
        "the whole study on a procedural two-centre cohort: cohort, four models, validation, report",
      )
      .option("--out <folder>", "where everything goes", "trinephron-demo")
      .option("--cases-a <n>", "cases of the development centre", wholeNumber("--cases-a", 40), 400)
      .option("--cases-b <n>", "cases of the external centre", wholeNumber("--cases-b", 20), 200)
      .option("--epochs <n>", "epochs of each model", wholeNumber("--epochs", 1), 30)
      .addOption(deviceOption()),
  ).action(demo);
}

async function demo(options: Options): Promise<void> {
  const start = performance.now();
  const device = await deviceOf(options.device);
  const out = resolve(options.out);
  const folder = join(out, "cohort");
  say(heading("1/4  A procedural cohort of two centres (simulated anatomy and intensities, no patient)"));
  await longWork((work) =>
    simulateCohort({
      ...options,
      out: folder,
      spacing: 2,
      centers: { A: options.casesA, B: options.casesB },
      ...work,
    }),
  );
  const cohort = await readCohort(folder);
  checkLabels(
    cohort.cases.filter((c) => c.center !== "A"),
    studyTasks,
  );

  say(heading("2/4  One multi-task model, trained at centre A"));
  const settings = (chosen: readonly string[]) =>
    completeSettings({
      tasks: chosen,
      center: "A",
      seed: options.seed,
      epochs: options.epochs,
      device,
      ...demoSettings,
    });
  await trainWithProgress(cohort, await settings(studyNames), join(out, "mtdl"), options);

  say(heading("3/4  Three single-task models, trained at centre A"));
  const stdl = studyNames.map((task) => join(out, `stdl-${task}`));
  for (const [t, task] of studyNames.entries())
    await trainWithProgress(cohort, await settings([task]), stdl[t], options);

  say(heading("4/4  All tested at centre B"));
  const study = await validateWithProgress(cohort, {
    out: join(out, "validation"),
    mtdl: join(out, "mtdl"),
    stdl,
    simulateReaders: true,
    title: "Multi-task reading of a simulated two-centre kidney tumour cohort",
    seed: options.seed,
    threads: 2,
    device,
    efficiency: true,
  });
  const minutes = (performance.now() - start) / 60_000;
  result(
    options,
    study.results,
    `${textSummary(study.results)}\n\nWhole study: ${minutes.toFixed(1)} minutes.`,
  );
}

/** Models that start from the base model: the backbone is run once, and two cores train four heads in a minute. */
const demoSettings = { init: "base" } as const;
