import { TrinephronError } from "../../../base/errors.ts";
import { confusion, delongAuc, delongPaired, roc } from "../../../numerics/stats/index.ts";
import { checkClasses, type TaskSample } from "../../predictions/taskSample.ts";
import type { CalledReading } from "./readerCutoff.ts";
import type { ReaderRow } from "./readerResults.ts";

/** A reader's row, or why there is none. */
export type ReaderOutcome = { readonly row: ReaderRow } | { readonly note: string };

/**
 * Each reader against the model on the cases that the reader read: AUCs, paired DeLong test (model minus reader),
 * the reader's operating point and ROC curve. Readers in their file's order, tasks in the samples' order; readings
 * with the model's answer in sight apart from those without.
 * @param readings as `calledReadings` returns them
 * @param model id of the model compared, e.g. `mtdl`
 * @throws E_COHORT for a reading of a case or task without predictions
 * @throws E_ONE_CLASS, E_TOO_FEW where a reader's cases hold too few of a class
 */
export function readerStudy(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
  predicted: (task: string, id: string) => boolean,
  model: string,
): ReaderOutcome[] {
  const stranger = readings.find((r) => !predicted(r.task, r.case));
  if (stranger)
    throw new TrinephronError(
      "E_COHORT",
      `readers: ${stranger.reader} reads case ${stranger.case} for ${stranger.task}, which is not in the predictions`,
    );
  const byReader = Map.groupBy(readings, (r) => r.reader);
  return [...byReader.values()].flatMap((own) =>
    samples.flatMap((sample) =>
      [false, true].flatMap((aided) => {
        const chosen = own.filter((r) => r.task === sample.task && (r.aided === true) === aided);
        return chosen.length === 0 ? [] : [compare(chosen, sample, model)];
      }),
    ),
  );
}

function compare(readings: readonly CalledReading[], sample: TaskSample, model: string): ReaderOutcome {
  const { reader, experience, simulated, aided = false } = readings[0];
  const { task } = sample;
  const index = new Map(sample.cases.map((id, i) => [id, i]));
  const labeled = readings.filter((r) => index.has(r.case));
  const indices = labeled.map((r) => index.get(r.case) as number);
  const labels = indices.map((i) => sample.labels[i]);
  const positives = labels.filter((y) => y === 1).length;
  checkClasses(`reader ${reader}, ${task}`, sample.definition, positives, labels.length - positives);
  const scores = labeled.map((r) => r.score);
  const all = sample.scores(model);
  const own = delongAuc(labels, scores);
  const test = delongPaired(
    labels,
    indices.map((i) => all[i]),
    scores,
  );
  if (!Number.isFinite(test.z))
    return {
      note: `${reader}, ${task}: left out, for DeLong’s test has no variance (one curve perfect, the other flat).`,
    };
  const counts = confusion(
    labels,
    labeled.map((r) => (r.called ? 1 : 0)),
    1,
  );
  return {
    row: {
      task,
      reader,
      experience,
      simulated,
      aided,
      n: labels.length,
      auc: { value: own.value, ci: [...own.ci] },
      point: [counts.falsePositives / (labels.length - positives), counts.truePositives / positives],
      curve: roc(labels, scores).map((p) => [p.falsePositiveRate, p.truePositiveRate]),
      againstMtdl: { difference: test.difference, ci: [...test.ci], z: test.z, p: test.p },
    },
  };
}
