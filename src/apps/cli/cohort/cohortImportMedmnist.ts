import { relative } from "node:path";
import { classCounts } from "../../../patients/cohort/summary.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import {
  type ImportMedmnistOptions,
  importMedmnist,
} from "../../../patients/import/medmnist/importMedmnist.ts";
import { type CommonOptions, result } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { classTable, flowText } from "./cohortText.ts";

export interface MedmnistOptions extends CommonOptions, Omit<ImportMedmnistOptions, "signal" | "progress"> {}

export async function importFromMedmnist(file: string, options: MedmnistOptions): Promise<void> {
  const { cohort, flow } = await longWork((work) => importMedmnist(file, { ...options, ...work }));
  const classes = classCounts(cohort);
  result(
    options,
    { folder: cohort.folder, cases: cohort.cases.length, flow, classes },
    [
      `${cohort.cases.length} cases in ${relative(".", cohort.folder) || "."}/cohort.csv`,
      flowText(flow),
      classTable(classes, tasksOf(cohort)),
      "Voxels are 0 to 255, no CT numbers; a voxel size of 1 mm is nominal. The file names no patients: each case stands for one.",
    ].join("\n\n"),
  );
}
