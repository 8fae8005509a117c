import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeWhole } from "../../../base/files.ts";
import type { CropSettings } from "../../../learning/crop/cropInput.ts";
import { cropPicture } from "../../../learning/crop/cropPicture.ts";
import { type LoadOptions, loadCrops } from "../../../learning/crop/loadCrops.ts";
import { sigmoid } from "../../../numerics/stats/index.ts";
import type { Case, Cohort } from "../../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import type { FailureRow } from "../experimentResults.ts";
import { type Logits, meanLogits, sampleOf, scoresOf } from "../logits.ts";

/**
 * The cases answered worst in each task: largest cross-entropy of the mean logit over the models.
 * @param models of the same cases, one a seed
 * @param picture path of a case's picture, relative to `experiment.json`
 */
export function worstCases(
  cases: readonly Case[],
  tasks: readonly TaskDefinition[],
  models: readonly Logits[],
  perTask: number,
  picture: (c: Case) => string,
): FailureRow[] {
  const mean = meanLogits(models);
  return tasks.flatMap((definition) => {
    const sample = sampleOf(cases, definition);
    const { task } = sample;
    const scores = scoresOf(sample, mean);
    return sample.cases
      .map((c, i) => ({ c, label: sample.labels[i] === 1 ? (1 as const) : (0 as const), score: scores[i] }))
      .map((row) => ({ ...row, loss: softplus(row.label === 1 ? -row.score : row.score) }))
      .sort((a, b) => b.loss - a.loss)
      .slice(0, perTask)
      .map(
        ({ c, label, score, loss }, rank): FailureRow => ({
          task,
          rank: rank + 1,
          case: c.case,
          center: c.center,
          label,
          probability: sigmoid(score),
          loss,
          seeds: models.map((logits) => sigmoid(logits.get(c.case)![task]!)),
          histology: c.histology ?? null,
          stage: c.stage ?? null,
          complexity: c.complexity ?? null,
          sizeMm: c.sizeMm ?? null,
          picture: picture(c),
        }),
      );
  });
}

/** ln(1 + e^x): the cross-entropy of a logit whose sign is wrong by x. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Where a case's picture goes: case names may hold characters that paths must not. */
export const failurePicture = (c: Case): string =>
  join(
    "failures",
    /^[\w-]{1,80}$/.test(c.case)
      ? `${c.case}.png`
      : `${createHash("sha256").update(c.case).digest("hex")}.png`,
  );

/** Writes a picture of each case. @param folder of `experiment.json` */
export async function writeFailurePictures(
  folder: string,
  cohort: Cohort,
  rows: readonly FailureRow[],
  crop: CropSettings,
  options: LoadOptions,
): Promise<void> {
  const names = new Set(rows.map((row) => row.case));
  const cases = cohort.cases.filter((c) => names.has(c.case));
  const crops = await loadCrops({ ...cohort, cases }, crop, options);
  for (const [i, c] of cases.entries())
    await writeWhole(join(folder, failurePicture(c)), cropPicture(crops[i], crop));
}
