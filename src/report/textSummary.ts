import type { Results } from "../evidence/validate/results.ts";
import { textTable } from "../page/textTable.ts";
import {
  groupName,
  imagesLabel,
  mainModel,
  readCases,
  readerName,
  readersLabel,
  shortName,
  taskTitle,
  validatedTasks,
} from "./labels.ts";
import { areaWithInterval, difference, differenceInterval, percent, pValue } from "./numbers.ts";
import { savings } from "./sections/efficiencyMeasures.ts";

/**
 * What a terminal shows of a validation: each task's AUCs with their 95 % intervals and the multi-task model's paired
 * tests, the readers, and what the multi-task model saves. Labels of made images and simulated readers stand above.
 */
export function textSummary(results: Results): string {
  const tasks = validatedTasks(results);
  const main = mainModel(results);
  const others = results.models.filter(({ id }) => id !== main);
  const cell = (task: string, model: string) => {
    const row = results.auc.find((a) => a.task === task && a.model === model);
    return row ? areaWithInterval(row.value, row.ci) : "–";
  };
  const p = (task: string, model: string) => {
    const test = results.comparisons.find((c) => c.task === task && c.a === main && c.b === model);
    return test ? pValue(test.p) : "–";
  };
  const areas = textTable(
    [
      "task",
      "n (positive)",
      ...results.models.map(({ id }) => shortName(results, id)),
      ...others.map(({ id }) => `p v. ${shortName(results, id)}`),
    ],
    tasks.map((task) => {
      const row = results.auc.find((a) => a.task === task);
      return [
        taskTitle(results, task),
        row ? `${row.n} (${row.positives})` : "–",
        ...results.models.map(({ id }) => cell(task, id)),
        ...others.map(({ id }) => p(task, id)),
      ];
    }),
  );
  const images = imagesLabel(results);
  const methods = [...new Set([...results.auc, ...results.comparisons].map((row) => row.method))].join("; ");
  return [
    [
      results.study.title,
      ...(images ? [`Images: ${images}.`] : []),
      `AUC (95 % CI) at ${results.study.external.map((center) => `centre ${center}`).join(", ")}; ${methods}`,
    ].join("\n"),
    areas,
    ...readerLines(results),
    ...efficiencyLines(results),
  ]
    .join("\n\n")
    .replace(controls, "");
}

/** Names out of a file must not steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

function readerLines(results: Results): string[] {
  if (results.readers.length === 0) return [];
  const label = readersLabel(results);
  const table = textTable(
    ["reader", "experience", "task", "n", "AUC (95 % CI)", "p v. MTDL"],
    results.readers.map((r) => [
      `${readerName(r)}${r.aided ? ", with the model" : ""}`,
      r.experience,
      taskTitle(results, r.task),
      String(r.n),
      areaWithInterval(r.auc.value, r.auc.ci),
      pValue(r.againstMtdl.p),
    ]),
  );
  const analyses = [...meanLines(results), ...aidLines(results), ...sparseLines(results)];
  return [label ? `Readers: ${label}.\n${table}` : table, ...analyses];
}

const sampled = (row: { readonly random: string }) => row.random === "readers and cases";

function meanLines(results: Results): string[] {
  const { againstMtdl } = results.readerAnalyses;
  const rows = againstMtdl.filter(sampled);
  if (rows.length === 0) return [];
  return [
    textTable(
      ["mean of", "task", "n", "mean AUC (95 % CI)", "MTDL − mean (95 % CI)", "p"],
      rows.map((r) => [
        groupName(r),
        taskTitle(results, r.task),
        readCases(r),
        areaWithInterval(r.mean.value, r.mean.ci),
        `${difference(r.difference)} (${differenceInterval(r.ci)})`,
        pValue(r.p),
      ]),
    ),
  ];
}

function aidLines(results: Results): string[] {
  const { aid } = results.readerAnalyses;
  const rows = aid.filter(sampled);
  if (rows.length === 0) return [];
  return [
    textTable(
      ["readers", "task", "n", "AUC without", "AUC with the model", "difference (95 % CI)", "p"],
      rows.map((r) => [
        groupName(r),
        taskTitle(results, r.task),
        readCases(r),
        areaWithInterval(r.unaided.value, r.unaided.ci),
        areaWithInterval(r.aided.value, r.aided.ci),
        `${difference(r.difference)} (${differenceInterval(r.ci)})`,
        pValue(r.p),
      ]),
    ),
  ];
}

/** How readers were analysed who did not all read the same cases: a terminal shows no caveats. */
function sparseLines({ readerAnalyses: { againstMtdl, aid } }: Results): string[] {
  const methods = new Set([...againstMtdl, ...aid].filter((row) => row.design).map((row) => row.method));
  return methods.size === 0
    ? []
    : [`Not every reader read every case (“each”: cases a reader); there: ${[...methods].join("; ")}.`];
}

function efficiencyLines(results: Results): string[] {
  const lines = savings(results).map(
    ({ measure, mtdl, stdl, saved }) =>
      `${measure.name}: ${measure.print(mtdl)} (MTDL) v. ${measure.print(stdl)} (STDL together), ${
        saved >= 0 ? `${percent(saved)} saved` : `${percent(-saved)} more`
      }`,
  );
  return lines.length === 0 ? [] : [[...lines, `Counted: ${results.efficiency?.counted}.`].join("\n")];
}
