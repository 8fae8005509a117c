import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { studyNames } from "../../patients/cohort/tasks.ts";

const thresholds = z.partialRecord(
  z.string(),
  z.record(
    z.string(),
    z.object({
      threshold: z.number().describe("a case is called positive where its probability is at least this"),
      chosen: z.string().describe("how and on which cases, e.g. `Youden, validation cases of A`"),
    }),
  ),
);
/** `thresholds.json`: by task and model id, fixed in the development centre before any external case was seen. */
export type Thresholds = z.infer<typeof thresholds>;

/**
 * Thresholds of the text of a `thresholds.json`.
 * @param tasks that they may be of; default the study's three
 * @throws E_FORMAT as `parseJson`, and for another task
 */
export function parseThresholds(text: string, path: string, tasks: readonly Task[] = studyNames): Thresholds {
  const found = parseJson(thresholds, text, path);
  const stranger = Object.keys(found).find((task) => !tasks.includes(task));
  if (stranger !== undefined)
    throw new TrinephronError("E_FORMAT", `${path}: "${stranger}" is none of ${tasks.join(", ")}`);
  return found;
}

/** @throws E_FORMAT where this task and model have no threshold */
export function thresholdOf(given: Thresholds, task: Task, model: string) {
  const found = given[task]?.[model];
  if (!found)
    throw new TrinephronError(
      "E_FORMAT",
      `thresholds: none for ${task} of ${model}`,
      "fix one in the development centre, never on the external cases",
    );
  return found;
}
