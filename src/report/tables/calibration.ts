import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { caseCounts, mainModel, marks, modelName, taskTitle } from "../labels.ts";
import { fixed, listed } from "../numbers.ts";

type Calibration = Results["calibration"][number];
type Estimate = { readonly value: number; readonly ci: readonly [number, number] | null } | null;

/** Intercept, slope, Brier score and integrated calibration index of each model at each task. */
export function calibrationTable(results: Results): Block | Absent {
  const { calibration } = results;
  if (calibration.length === 0) return { absent: "No calibration: the results hold none." };
  const main = mainModel(results);
  const notes = calibration.flatMap(({ task, model, note }) =>
    note ? `${taskTitle(results, task)}, ${modelName(results, model)}: ${note}` : [],
  );
  return {
    title: `Calibration on the external cases (${caseCounts(results)})`,
    marks: marks(results),
    note: html`CI, confidence interval; ICI, integrated calibration index: mean distance of curve and prediction over the cases; by chance: what 95 of 100 such sets of cases stay below where the predictions are right. Ideal: intercept 0, slope 1, ICI 0. An intercept above 0: probabilities too low; a slope below 1: too extreme. The probabilities were calibrated on cases of the development centre. Methods: ${listed([...new Set(calibration.map((row) => row.method))])}.${
      notes.length > 0 && html` Not estimable: ${notes.join(". ")}.`
    }`,
    body: html`<table>
<thead><tr><th scope="col">Model</th><th scope="col" class="num">Cases</th><th scope="col" class="num">Intercept (95 % CI)</th><th scope="col" class="num">Slope (95 % CI)</th><th scope="col" class="num">Brier score (95 % CI)</th><th scope="col" class="num">ICI (by chance)</th></tr></thead>
${[...Map.groupBy(calibration, (row) => row.task)].map(
  ([task, rows]) => html`<tbody><tr><th scope="rowgroup" colspan="6">${taskTitle(results, task)}</th></tr>
${rows.map(
  (row) =>
    html`<tr${row.model === main && html` class="main"`}><th scope="row" class="level">${modelName(results, row.model)}</th><td class="num">${row.n}</td>${[row.intercept, row.slope].map((e) => cell(e, 2))}${cell(row.brier, 3)}${indexCell(row.ici)}</tr>`,
)}</tbody>`,
)}
</table>`,
  };
}

function cell(estimate: Estimate, digits: number): Markup {
  if (!estimate) return html`<td class="num">–</td>`;
  const { value, ci } = estimate;
  const between = ci && html`<br><span class="sub">${ci.map((v) => fixed(v, digits)).join(" to ")}</span>`;
  return html`<td class="num">${fixed(value, digits)}${between}</td>`;
}

const indexCell = (ici: Calibration["ici"]): Markup =>
  ici === null
    ? html`<td class="num">–</td>`
    : html`<td class="num">${fixed(ici.value, 3)}${
        ici.byChance !== null && html`<br><span class="sub">by chance up to ${fixed(ici.byChance, 3)}</span>`
      }</td>`;
