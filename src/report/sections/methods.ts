import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import { isStudyPhase } from "../../patients/cohort/case.ts";
import { imagesLabel, taskOf, taskTitle, validatedTasks } from "../labels.ts";
import { day, listed } from "../numbers.ts";
import type { Item } from "../places.ts";

/** What the network reads. */
function images({ cards }: Results): string {
  const own = cards.find(({ model }) => model === "mtdl")?.config.phases;
  return own === undefined || own.every(isStudyPhase) ? "three contrast phases" : listed(own);
}

/** What the images are. */
function imagesOf(results: Results): string {
  const { intensities } = results.cards.find(({ model }) => model === "mtdl")?.config ?? {};
  return intensities
    ? `images whose voxels are no CT numbers, from ${intensities.join(" to ")}`
    : (imagesLabel(results) ?? "CT of patients");
}

/** How the numbers were made, for a reader who has only this page. */
export function methods(results: Results): Item {
  const { study, software, seed, created, comparisons, auc, calibration } = results;
  const unique = (values: readonly string[]) => listed([...new Set(values)]);
  const external = listed(study.external.map((center) => `centre ${center}`));
  const entries: readonly (readonly [id: string, term: string, text: string])[] = [
    [
      "method-questions",
      "Questions",
      `${validatedTasks(results)
        .map(
          (task) =>
            `${taskTitle(results, task)}: ${taskOf(results, task).positive.words} (positive) or ${taskOf(results, task).negative.words}`,
        )
        .join(". ")}.${study.stageLabel && ` Stage label: ${study.stageLabel}.`}`,
    ],
    ["method-images", "Images", `${imagesOf(results)}.`.replace(/^./, (c) => c.toUpperCase())],
    [
      "method-partitions",
      "Partitions",
      `Models were trained, calibrated and given their thresholds at centre ${study.development} alone, with training and validation cases of different patients; ${external} served the test and nothing else. Test and development are disjoint by centre. No model was updated, recalibrated or chosen on the external cases.`,
    ],
    [
      "method-mtdl",
      "MTDL",
      `Multi-task deep learning: one three-dimensional residual network over ${images(results)}, progressive layered extraction, one output a question. One network, no ensemble.`,
    ],
    ["method-stdl", "STDL", "Single-task deep learning: the same network with one question; one model each."],
    [
      "method-baselines",
      "Baselines",
      "Models named as baselines have no network: tumour size alone shows how far the largest diameter goes, and measured features alone (mean HU and spread by phase, shape and place of the tumour, by logistic regression) what is left for a network to learn from the image.",
    ],
    [
      "method-predictions",
      "Predictions",
      `One pass of each model’s ONNX file over each case, on ${study.device ?? "the processor"}, without test-time augmentation; calibration is part of the file.`,
    ],
    [
      "method-auc",
      "AUC",
      `Area under the receiver operating characteristic curve; intervals: ${unique(auc.map((row) => row.method)) || "none"}; comparisons: ${unique(comparisons.map((row) => row.method)) || "none"}, two-sided, not adjusted for the number of tests.`,
    ],
    [
      "method-calibration",
      "Calibration",
      `Probabilities were calibrated by Platt’s method on validation cases of centre ${study.development}. On the external cases: ${unique(calibration.map((row) => row.method)) || "not measured"}.`,
    ],
    [
      "method-operating",
      "Operating points",
      "At thresholds fixed before the external cases were seen; Wilson’s intervals. A case is positive where its probability reaches the threshold.",
    ],
    [
      "method-benefit",
      "Net benefit",
      "(True positives − false positives × t ÷ (1 − t)) ÷ cases, at threshold probability t (Vickers and Elkin).",
    ],
    [
      "method-others",
      "Others",
      "CI, confidence interval; CT, computed tomography; RCC, renal cell carcinoma; R.E.N.A.L., radius, exophytic, nearness, anterior/posterior, location; ROC, receiver operating characteristic.",
    ],
    ["method-software", "Made by", `${software}, seed ${seed}, ${day(created)} (${created}).`],
  ];
  return {
    kind: "text",
    places: entries.map(([id, term]) => ({
      id,
      label: `Methods, ${term.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())}`,
    })),
    content: html`<dl>${entries.map(([id, term, text]) => html`<dt id="${id}">${term}</dt><dd>${text}</dd>`)}</dl>`,
  };
}
