import { allReaders } from "../../evidence/readers/analysis/readerResults.ts";
import type { Results } from "../../evidence/validate/results.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { imagesLabel, mainModel, modelName, taskQuestion, taskSpoken, validatedTasks } from "../labels.ts";
import { area, areaInterval, difference, listed, pEquals, percent } from "../numbers.ts";
import { savings } from "./efficiencyMeasures.ts";

/** The report in one paragraph: sentences written from the numbers, with no judgement that they do not carry. */
export function abstract(results: Results): string {
  return [design(results), ...main(results), ...against(results), ...readers(results), ...efficiency(results)]
    .join(" ")
    .replace(unbreakable, "\u00a0");
}

/** Spaces of `95 % CI 0.79`, `p = 0.022`, `p < 0.05`, at which no line may end. */
const unbreakable = / (?=%)|(?<=%) (?=CI)|(?<=CI) (?=\d)|(?<=\bp) (?=[=<])|(?<=[=<]) (?=\d)/g;

function design(results: Results): string {
  const { study, auc } = results;
  const sizes = auc.map((row) => row.n);
  const largest = Math.max(0, ...sizes);
  const tested = sizes.every((n) => n === largest) ? largest : `up to ${largest}`;
  const label = imagesLabel(results);
  const centers = listed(study.external.map((center) => `centre ${center}`));
  return `A multi-task model (MTDL) trained at centre ${study.development} was tested on ${tested} cases of ${centers}, which it had not seen${
    label ? ` (${label})` : ""
  }.`;
}

function main(results: Results): string[] {
  const model = mainModel(results);
  const rows = results.auc.filter((row) => row.model === model);
  if (rows.length === 0) return [];
  const parts = rows.map(
    ({ task, value, ci, positives, n }) =>
      `${area(value)} (95 % CI ${areaInterval(ci)}) for ${taskSpoken(results, task)} (${taskQuestion(results, task)}; ${positives} of ${n} positive)`,
  );
  return [`Its AUC was ${listed(parts)}.`];
}

/** The difference from every other model, with its p value. */
function against(results: Results): string[] {
  const model = mainModel(results);
  return results.models.flatMap(({ id }) => {
    const parts = validatedTasks(results).flatMap((task) => {
      const test = results.comparisons.find((c) => c.task === task && c.a === model && c.b === id);
      return test
        ? `${difference(test.difference)} for ${taskSpoken(results, task)} (${pEquals(test.p)})`
        : [];
    });
    return parts.length === 0 ? [] : [`Its AUC minus that of ${spoken(results, id)} was ${listed(parts)}.`];
  });
}

/** A model's name inside a sentence. */
function spoken(results: Results, id: string): string {
  if (results.models.find((model) => model.id === id)?.kind === "stdl")
    return "the single-task models (STDL)";
  return modelName(results, id).replace(/^\p{Lu}(?=\p{Ll})/u, (c) => c.toLowerCase());
}

function readers(results: Results): string[] {
  const { readers: all } = results;
  const readers = all.filter((r) => !r.aided);
  if (readers.length === 0) return [];
  const names = new Set(readers.map((r) => r.reader));
  const simulated = new Set(readers.filter((r) => r.simulated).map((r) => r.reader));
  const above = readers.filter((r) => r.againstMtdl.p < 0.05 && r.againstMtdl.difference > 0).length;
  const below = readers.filter((r) => r.againstMtdl.p < 0.05 && r.againstMtdl.difference < 0).length;
  const who =
    simulated.size === 0
      ? `${names.size} readers`
      : simulated.size === names.size
        ? `${names.size} simulated readers (no human read the cases)`
        : `${names.size} readers, ${simulated.size} of them simulated`;
  return [
    `Of ${readers.length} comparisons with ${who}, the model’s AUC was higher in ${above} and lower in ${below} at p < 0.05, not adjusted for their number.`,
    ...meanOfReaders(results),
  ];
}

/** All readers together, as a sample of readers: against the model, and with its help. */
function meanOfReaders(results: Results): string[] {
  const { againstMtdl, aid } = results.readerAnalyses;
  const whole = (row: { readonly group: string; readonly random: string }) =>
    row.group === allReaders && row.random === "readers and cases";
  const parts = (rows: readonly { task: Task; difference: number; p: number }[]) =>
    listed(
      rows.map((r) => `${difference(r.difference)} for ${taskSpoken(results, r.task)} (${pEquals(r.p)})`),
    );
  return [false, true].flatMap((simulated) => {
    const who = simulated ? "simulated readers" : "readers";
    const against = againstMtdl.filter((row) => whole(row) && !row.aided && row.simulated === simulated);
    const helped = aid.filter((row) => whole(row) && row.simulated === simulated);
    return [
      ...(against.length > 0
        ? [`Its AUC minus the mean of the ${against[0].readers.length} ${who} was ${parts(against)}.`]
        : []),
      ...(helped.length > 0
        ? [
            `With its answer in sight, the mean AUC of ${helped[0].readers.length} ${who} changed by ${parts(helped)}.`,
          ]
        : []),
    ];
  });
}

function efficiency(results: Results): string[] {
  const parts = savings(results)
    .filter(({ measure }) => measure.key)
    .map(({ measure, saved }) => {
      const name = measure.name.toLowerCase();
      return saved >= 0 ? `${percent(saved)} less ${name}` : `${percent(-saved)} more ${name}`;
    });
  return parts.length === 0 ? [] : [`It took ${listed(parts)} than the single-task models together.`];
}
