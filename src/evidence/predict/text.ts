import { taskNamed } from "../../patients/cohort/tasks.ts";
import { maskOrigin, type Prediction, tasksOfPrediction } from "./prediction.ts";

/** A prediction for the terminal. */
export function predictionText(prediction: Prediction): string {
  const { answers, tumor, nephrometry, phases, missingPhases, familiarity, warnings } = prediction;
  const rows = answers.map(({ task, decision, positive, probability, threshold, borderline }) => {
    const near = borderline ? ", near the threshold" : "";
    return `${taskNamed(tasksOfPrediction(prediction), task).title}: ${decision} (probability of ${positive} ${percent(probability)}, threshold ${percent(threshold)}${near})`;
  });
  const { renal } = nephrometry;
  return [
    prediction.researchUse,
    "",
    ...rows,
    "",
    `Tumour of the ${tumor.side} kidney: ${(tumor.maximalDiameterMm / 10).toFixed(1)} cm, ${tumor.volumeMl.toFixed(0)} mL; mask: ${maskOrigin(tumor)}`,
    `R.E.N.A.L. measured on the mask: ${renal.total}${renal.suffix} (${renal.complexity})`,
    ...phases.map(({ phase, series, path, confidence, alignment }) => {
      const from = series?.description ?? path;
      const sure = confidence === undefined ? "" : `, ${percent(confidence)} sure`;
      return `${phase}: ${from}${sure}${alignment ? `; ${alignment.remark}` : ""}`;
    }),
    ...(missingPhases.length > 0 ? [`Missing: ${missingPhases.join(", ")}`] : []),
    ...(familiarity
      ? [
          `Likeness to the training cases: ${percent(familiarity.nearer)} of ${familiarity.validationCases} validation cases are nearer to them`,
        ]
      : ["Likeness to the training cases: unknown, the model keeps no record of them"]),
    ...warnings.map((line) => `Warning: ${line}`),
  ].join("\n");
}

const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;
