import type { Work } from "../../base/work.ts";
import type { CropSettings } from "../../learning/crop/cropInput.ts";
import { loadCrops } from "../../learning/crop/loadCrops.ts";
import { measureCrops, measuringCrop } from "../../learning/trained/measureCrops.ts";
import { type Case, type Cohort, masksOf } from "../../patients/cohort/case.ts";
import type { Task, TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { areStudyTasks, labelOf } from "../../patients/cohort/tasks.ts";
import type { Baseline } from "../predictions/logisticBaseline.ts";
import { measuredBaseline } from "../predictions/measuredBaseline.ts";
import { sizeBaseline } from "../predictions/sizeBaseline.ts";
import type { Results } from "./results.ts";

/** Models without a network, beside which the networks are shown. All are fitted to the development centre alone. */
export interface Baselines {
  readonly models: Results["models"];
  /** By model id, of an external case. */
  probabilities(c: Case, task: Task): Record<string, number>;
  /** By model id. */
  thresholds(task: Task): [id: string, threshold: Pick<Baseline<Case>, "threshold" | "chosen">][];
  /** Which are left out, and why. */
  readonly notes: readonly string[];
}

interface BaselineModel {
  readonly id: string;
  readonly name: string;
  readonly byTask: ReadonlyMap<Task, Baseline<Case>>;
}

interface Sample {
  readonly cohort: Cohort;
  readonly development: readonly Case[];
  readonly external: readonly Case[];
  readonly tasks: readonly TaskDefinition[];
}

/**
 * What is measured of the tumour, where masks outline a kidney, and its size alone, each by logistic regression.
 * @param crop of the networks: phases and window are theirs
 * @throws E_TOO_FEW for a task with fewer than ten cases to fit; as `loadCrops`
 */
export async function baselinesOf(
  sample: Sample,
  crop: CropSettings,
  work: Work & { readonly threads: number; readonly cacheFolder?: string | undefined },
): Promise<Baselines> {
  const bySize = sizeModel(sample);
  const kidneys = masksOf(sample.cohort) === "kidney";
  const models = [
    ...(kidneys ? [await measuredModel(sample, crop, work)] : []),
    ...(typeof bySize === "string" ? [] : [bySize]),
  ];
  return {
    models: models.map(({ id, name }) => ({ id, name, kind: "baseline" })),
    probabilities: (c, task) =>
      Object.fromEntries(models.map(({ id, byTask }) => [id, byTask.get(task)!.probability(c)])),
    thresholds: (task) =>
      models.map(({ id, byTask }) => {
        const { threshold, chosen } = byTask.get(task)!;
        return [id, { threshold, chosen }];
      }),
    notes: [
      ...(kidneys ? [] : ["No measured features alone: there are no masks of a kidney to measure on."]),
      ...(typeof bySize === "string" ? [`No size-only baseline: ${bySize}.`] : []),
    ],
  };
}

async function measuredModel(
  { cohort, development, external, tasks }: Sample,
  crop: CropSettings,
  { threads, cacheFolder, signal, progress }: Parameters<typeof baselinesOf>[2],
): Promise<BaselineModel> {
  const settings = measuringCrop(crop);
  const cases = [...development, ...external];
  const crops = await loadCrops({ ...cohort, cases }, settings, {
    threads,
    cacheFolder,
    signal,
    progress: (_, ...rest) => progress?.("measuring the tumours", ...rest),
  });
  const rows = await measureCrops(crops, settings, threads);
  const rowOf = new Map(cases.map((c, i) => [c.case, rows[i]]));
  return {
    id: "measured",
    name: "Measured features alone",
    byTask: new Map(
      tasks.map((task) => {
        const labels = development.map((c) => labelOf(task, c));
        const fitted = measuredBaseline(rows.slice(0, development.length), labels, task);
        return [task.name, { ...fitted, probability: (c) => fitted.probability(rowOf.get(c.case)!) }];
      }),
    ),
  };
}

/** @returns why there is none */
function sizeModel({ development, external, tasks }: Sample): BaselineModel | string {
  // The study's cohorts know their tumours' sizes; others need not.
  if (!areStudyTasks(tasks) && development.every((c) => c.sizeMm === undefined))
    return "no development case has a size";
  const byTask = tasks.map((task): [Task, Baseline<Case>] => {
    const fitted = sizeBaseline(development, task);
    return [task.name, { ...fitted, probability: ({ sizeMm }) => fitted.probability(sizeMm!) }];
  });
  if (external.some((c) => c.sizeMm === undefined)) return "some external cases have no size";
  return { id: "size", name: "Tumour size alone", byTask: new Map(byTask) };
}
