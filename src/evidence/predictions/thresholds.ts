import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { tasks } from "../../patients/cohort/tasks.ts";

const thresholds = z.partialRecord(
  z.enum(tasks),
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

/** @throws E_FORMAT as `parseJson` */
export const parseThresholds = (text: string, path: string): Thresholds => parseJson(thresholds, text, path);

/** @throws E_FORMAT where this task and model have no threshold */
export function thresholdOf(given: Thresholds, task: (typeof tasks)[number], model: string) {
  const found = given[task]?.[model];
  if (!found)
    throw new TrinephronError(
      "E_FORMAT",
      `thresholds: none for ${task} of ${model}`,
      "fix one in the development centre, never on the external cases",
    );
  return found;
}
