import { definitions } from "../cohort/tasks.ts";
import type { Results } from "../validate/results.ts";
import { html, type Markup } from "./html.ts";
import { taskTitle, validatedTasks } from "./labels.ts";
import { day, listed } from "./numbers.ts";

/** How the numbers were made, for a reader who has only this page. */
export function methods(results: Results): Markup {
  const { study, software, seed, created, comparisons, auc } = results;
  const unique = (values: readonly string[]) => listed([...new Set(values)]);
  const entries: readonly (readonly [string, string])[] = [
    [
      "Questions",
      `${validatedTasks(results)
        .map(
          (task) =>
            `${taskTitle(task)}: ${definitions[task].positive} (positive) or ${definitions[task].negative}`,
        )
        .join(". ")}. Stage label: ${study.stageLabel}.`,
    ],
    [
      "MTDL",
      "Multi-task deep learning: one three-dimensional residual network over three contrast phases, progressive layered extraction, one output a question.",
    ],
    ["STDL", "Single-task deep learning: the same network with one question; one model each."],
    [
      "Baselines",
      "Models named as baselines read no image: tumour size alone shows how far the largest diameter goes.",
    ],
    [
      "AUC",
      `Area under the receiver operating characteristic curve; intervals: ${unique(auc.map((row) => row.method)) || "none"}; comparisons: ${unique(comparisons.map((row) => row.method)) || "none"}, two-sided, not adjusted for the number of tests.`,
    ],
    [
      "Operating points",
      "At thresholds fixed before the external cases were seen; Wilson’s intervals. A case is positive where its probability reaches the threshold.",
    ],
    [
      "Net benefit",
      "(True positives − false positives × t ÷ (1 − t)) ÷ cases, at threshold probability t (Vickers and Elkin).",
    ],
    [
      "Others",
      "CI, confidence interval; CT, computed tomography; RCC, renal cell carcinoma; R.E.N.A.L., radius, exophytic, nearness, anterior/posterior, location; ROC, receiver operating characteristic.",
    ],
    ["Made by", `${software}, seed ${seed}, ${day(created)} (${created}).`],
  ];
  return html`<dl>${entries.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
}
