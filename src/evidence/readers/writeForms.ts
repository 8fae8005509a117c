import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { mustNotExist, writeWhole } from "../../base/files.ts";
import type { Case, Cohort } from "../../patients/cohort/case.ts";
import type { PredictionRow } from "../predictions/predictions.ts";
import { type FormFile, formFiles } from "./form/files.ts";
import { type FormOptions, readingForms } from "./form/form.ts";
import { type Manifest, manifestOf } from "./manifest.ts";

export interface WriteFormsOptions extends Omit<FormOptions, "cases"> {
  /** Folder of the forms. */
  readonly out: string;
  /** Cases of these centres only; where none is named, the cases that the predictions hold, or all. */
  readonly centers?: readonly string[] | undefined;
  /** True overwrites forms that are there. */
  readonly force?: boolean | undefined;
}

/**
 * Writes blank reading forms of a cohort's cases, a page and a table for each reader, and `form.json`, which
 * `collectReadings` checks what comes back against.
 * @throws E_FILE_EXISTS for a form that is there, E_COHORT where no case is left, E_USAGE as `formFiles`
 */
export async function writeForms(
  { cases }: Cohort,
  { out, centers = [], force, ...options }: WriteFormsOptions,
): Promise<{ readonly manifest: Manifest; readonly files: readonly FormFile[] }> {
  const manifestPath = join(out, "form.json");
  const asked = { ...options, cases: casesToRead(cases, centers, options.aid?.predictions) };
  const forms = readingForms(asked);
  const files = formFiles(forms);
  for (const path of [manifestPath, ...files.map(({ name }) => join(out, name))])
    await mustNotExist(path, { force });
  for (const { name, text } of files) await writeWhole(join(out, name), text);
  const manifest = manifestOf(asked, forms);
  await writeWhole(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  return { manifest, files };
}

function casesToRead(
  cases: readonly Case[],
  centers: readonly string[],
  predictions: readonly PredictionRow[] | undefined,
): string[] {
  const predicted = predictions && new Set(predictions.map((p) => p.case));
  const chosen = cases.filter((c) =>
    centers.length > 0 ? centers.includes(c.center) : (predicted?.has(c.case) ?? true),
  );
  if (chosen.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      centers.length > 0
        ? `no case of centre ${centers.join(", ")}`
        : "none of the cohort’s cases is in the predictions",
      `the cohort has ${[...new Set(cases.map((c) => c.center))].join(", ")}`,
    );
  return chosen.map((c) => c.case);
}
