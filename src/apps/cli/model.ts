import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { mustNotExist } from "../../base/files.ts";
import { largestAucChange, type Optimized, optimizeModel } from "../../learning/deploy/optimize.ts";
import { type VariantName, variantNames } from "../../learning/deploy/variants.ts";
import { readModelFolder } from "../../learning/trained/modelFolder.ts";
import type { DeviceChoice } from "../../numerics/graph/run/chooseDevice.ts";
import { readCohort } from "../../patients/cohort/csv.ts";
import { deviceOf, deviceOption } from "./support/device.ts";

import { type CommonOptions, result, textTable, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends CommonOptions {
  readonly cohort: string;
  readonly variants: readonly VariantName[];
  readonly out?: string;
  readonly threads: number;
  readonly device: DeviceChoice;
}

export function register(program: Command): void {
  const model = program.command("model").description("trained models, made ready for use");
  withCommonOptions(
    model
      .command("optimize")
      .description("smaller variants of a trained model, each measured against it on its validation cases")
      .argument("<model>", "folder of a trained model")
      .requiredOption("--cohort <folder>", "the cohort it was trained on; its other centres are not read")
      .option("--variants <list>", `of ${variantNames.join(", ")}; with commas`, namesOf, [...variantNames])
      .option("--out <folder>", "a folder for each variant goes here; default: variants in the model's")
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1), 2)
      .addOption(deviceOption()),
  ).action(optimize);
}

async function optimize(folder: string, options: Options): Promise<void> {
  const out = options.out ?? join(folder, "variants");
  for (const name of options.variants) await mustNotExist(join(out, name), options);
  const device = await deviceOf(options.device);
  const model = await readModelFolder(folder);
  const cohort = await readCohort(options.cohort);
  const found = await longWork((work) =>
    optimizeModel(model, cohort, {
      names: options.variants,
      out,
      threads: options.threads,
      device,
      ...work,
    }),
  );
  result(options, found, summary(found));
}

function namesOf(text: string): VariantName[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !variantNames.some((known) => known === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`no variant ${unknown}.`);
  return variantNames.filter((name) => names.includes(name));
}

function summary(found: Optimized): string {
  const { original, variants } = found;
  const tasks = Object.keys(original.validationAuc) as (keyof typeof original.validationAuc)[];
  const row = (name: string, m: Optimized["original"] | Optimized["variants"][number], change: string[]) => [
    name,
    `${(m.fileBytes / 1e3).toFixed(0)} kB`,
    `${m.inferenceMsPerCase.toFixed(1)} ms`,
    ("timeRatio" in m ? m.timeRatio : 1).toFixed(2),
    `${(m.peakMemoryBytes / 1e6).toFixed(1)} MB`,
    ...change,
  ];
  const table = textTable(
    ["variant", "file", "per case", "time ratio", "memory", ...tasks.map((task) => `AUC ${task}`), "usable"],
    [
      row("original", original, [...tasks.map((task) => original.validationAuc[task]!.toFixed(4)), ""]),
      ...variants.map((v) =>
        row(v.name, v, [...tasks.map((task) => signed(v.aucDifference[task]!)), v.usable ? "yes" : "no"]),
      ),
    ],
  );
  return `${table}\nAUC on the ${variants[0].validationCases} validation cases; usable: none moved by more than ${largestAucChange}. Smallest usable: ${found.default}`;
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
