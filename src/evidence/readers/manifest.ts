import { z } from "zod";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { taskName } from "../../patients/cohort/taskDefinition.ts";
import { namesOf } from "../../patients/cohort/tasks.ts";
import { designs, type FormOptions, type ReadingForm, scales } from "./form/form.ts";

/** `form.json`: what was handed out, for the record and for `readers collect --form`. */
const manifest = z.object({
  format: z.literal("trinephron-reading-form/1"),
  study: z.string(),
  seed: z.int(),
  scale: z.enum(scales),
  tasks: z.array(taskName),
  aided: z.object({ model: z.string(), design: z.enum(designs) }).nullable(),
  readers: z.array(z.object({ reader: z.string(), experience: z.string() })),
  cases: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifest>;

export const manifestOf = (
  { seed, scale, tasks, readers, cases, aid }: FormOptions,
  [{ study }]: readonly ReadingForm[],
): Manifest => ({
  format: "trinephron-reading-form/1",
  study,
  seed,
  scale,
  tasks: namesOf(tasks),
  aided: aid ? { model: aid.model, design: aid.design } : null,
  readers: readers.map(({ reader, experience }) => ({ reader, experience })),
  cases: [...cases],
});

/** @throws E_FORMAT as `parseJson` */
export const parseManifest = (text: string, path: string): Manifest => parseJson(manifest, text, path);
