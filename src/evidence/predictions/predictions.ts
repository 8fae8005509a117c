import { stringify } from "csv-stringify/sync";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole, writeWhole } from "../../base/files.ts";
import {
  at,
  labelCell,
  numberCell,
  parseTable,
  requireColumns,
  textCell,
  wordCell,
} from "../../imaging/formats/tables/table.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { studyNames } from "../../patients/cohort/tasks.ts";

/** One row of `predictions.csv`: what every model says to one question about one case. */
export interface PredictionRow {
  readonly case: string;
  readonly center: string;
  readonly task: Task;
  /** Undefined is unknown (an empty cell): such a row is left out of every statistic. */
  readonly label?: 0 | 1 | undefined;
  /** Probability of the positive class, [0, 1], by model id (`mtdl`, `stdl`, `size`). */
  readonly probabilities: Readonly<Record<string, number>>;
}

const columns = ["case", "center", "task", "label"];
/** The treat-all and treat-none curves' names. */
const reserved = ["all", "none"];

/**
 * Parses `predictions.csv`: `case, center, task, label`, and one column a model.
 * @param path named in errors
 * @param tasks that the rows may be of; default the study's three
 * @throws E_FORMAT for missing columns, unknown tasks, repeated rows, or a case in two centres
 * @throws E_LABEL for a label other than 0, 1 or empty
 * @throws E_VALUE for a probability that is missing or outside [0, 1]
 */
export function parsePredictions(
  source: string | Uint8Array,
  path: string,
  tasks: readonly Task[] = studyNames,
): PredictionRow[] {
  const table = parseTable(source, path);
  requireColumns(table, columns);
  const models = table.header.filter((name) => !columns.includes(name));
  if (models.length === 0)
    throw new TrinephronError("E_FORMAT", `${path}: no model's column`, "add one column a model, e.g. mtdl");
  const taken = models.find((model) => reserved.includes(model));
  if (taken) throw new TrinephronError("E_FORMAT", `${path}: a model named ${taken}`, "give it another name");
  if (table.rows.length === 0) throw new TrinephronError("E_FORMAT", `${path}: no rows below the header`);
  const centers = new Map<string, string>();
  const seen = new Set<string>();
  return table.rows.map((row) => {
    const prediction: PredictionRow = {
      case: textCell(table, row, "case"),
      center: textCell(table, row, "center"),
      task: wordCell(table, row, "task", tasks),
      label: labelCell(table, row, "label"),
      probabilities: Object.fromEntries(
        models.map((model) => {
          const value = numberCell(table, row, model);
          if (value < 0 || value > 1)
            throw new TrinephronError("E_VALUE", `${at(table, row)}: ${model} ${value} is outside [0, 1]`);
          return [model, value];
        }),
      ),
    };
    const key = `${prediction.task}\u0000${prediction.case}`;
    if (seen.has(key))
      throw new TrinephronError(
        "E_FORMAT",
        `${at(table, row)}: case ${prediction.case} stands twice for ${prediction.task}`,
      );
    seen.add(key);
    const center = centers.get(prediction.case) ?? prediction.center;
    if (center !== prediction.center)
      throw new TrinephronError(
        "E_FORMAT",
        `${at(table, row)}: case ${prediction.case} is of centre ${prediction.center}, above of ${center}`,
      );
    centers.set(prediction.case, center);
    return prediction;
  });
}

/**
 * The text of `predictions.csv`; every row carries the first row's models. Numbers keep all their digits.
 * @throws E_FORMAT where a row lacks a model
 */
export function formatPredictions(predictions: readonly PredictionRow[]): string {
  const models = Object.keys(predictions[0]?.probabilities ?? {});
  const rows = predictions.map((p) => [
    p.case,
    p.center,
    p.task,
    p.label ?? "",
    ...models.map((model) => {
      if (p.probabilities[model] === undefined)
        throw new TrinephronError("E_FORMAT", `case ${p.case}, ${p.task}: no probability of ${model}`);
      return p.probabilities[model];
    }),
  ]);
  return stringify([[...columns, ...models], ...rows]);
}

/**
 * Reads `predictions.csv`.
 * @param tasks that the rows may be of; default the study's three
 * @throws E_FILE_MISSING; E_FORMAT for missing columns, unknown tasks, repeated rows, or a case in two centres
 * @throws E_LABEL for a label other than 0, 1 or empty; E_VALUE for a probability that is missing or outside [0, 1]
 */
export const readPredictions = async (path: string, tasks?: readonly Task[]): Promise<PredictionRow[]> =>
  parsePredictions(await readWhole(path), path, tasks);

/** Writes `predictions.csv`. @throws E_FILE_WRITE; E_FORMAT where a row lacks a model */
export const writePredictions = (path: string, predictions: readonly PredictionRow[]): Promise<void> =>
  writeWhole(path, formatPredictions(predictions));
