import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { taskNamed } from "../../../patients/cohort/tasks.ts";
import {
  maskOrigin,
  type PredictedAnswer,
  type Prediction,
  researchUse,
  tasksOfPrediction,
  warningsIn,
} from "../prediction.ts";

/** The result in a few lines for a radiologist, first that it is for research; what is unknown is left out. */
export function conclusion({
  tumor,
  nephrometry,
  familiarity,
  missingPhases,
  answers,
  model,
  ...said
}: Prediction): string[] {
  const { total, suffix, complexity, R, E, N, L } = nephrometry.renal;
  // predictStudy warns of missing phases and unlike cases already.
  const missing = warningsIn(said).some(({ about }) => about === "missing phase") ? [] : missingPhases;
  return [
    researchUse,
    `${tumor.side === "left" ? "Left" : "Right"} kidney: tumour of ${tumor.maximalDiameterMm.toFixed(0)} mm, ` +
      `${tumor.volumeMl.toFixed(1)} mL; outline: ${maskOrigin(tumor)}.`,
    ...answers.map((answer) => answerLine(answer, tasksOfPrediction({ model }))),
    `R.E.N.A.L. ${total}${suffix} (R ${R.points} + E ${E.points} + N ${N.points} + L ${L.points}), ` +
      `${complexity} complexity.`,
    ...(familiarity && !familiarity.unlike
      ? [
          `Of ${familiarity.validationCases} validation cases ${percent(familiarity.nearer)} are nearer to the ` +
            "training cases than this one.",
        ]
      : []),
    ...(familiarity?.unusual ?? []).map((words) => `Unusual for the model: ${words}.`),
    ...missing.map((phase) => `Missing phase: ${phase}.`),
    ...tumor.remarks,
    ...nephrometry.caveats,
    ...said.warnings,
  ];
}

function answerLine(
  { task, positive, probability, threshold, decision, borderline }: PredictedAnswer,
  tasks: readonly TaskDefinition[],
): string {
  const near = borderline ? " (near the threshold)" : "";
  return (
    `${taskNamed(tasks, task).title}: ${decision}${near}; probability of ${positive} ${percent(probability)}, ` +
    `threshold ${percent(threshold)}.`
  );
}

/** Of a probability, one decimal: `87.1 %`; never 0 or 100 for what is neither. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "below 0.1 %";
  if (share < 1 && share > 0.999) return "above 99.9 %";
  return `${(100 * share).toFixed(1)} %`;
}
