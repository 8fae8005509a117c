import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { mainModel, marks, modelName, taskTitle } from "../labels.ts";
import { fixed, percent, percentInterval } from "../numbers.ts";

type Proportion = Results["operating"][number]["sensitivity"];

/** Sensitivity, specificity, predictive values and accuracy at thresholds fixed before the external cases were seen. */
export function operatingTable(results: Results): Block | Absent {
  const { operating } = results;
  if (operating.length === 0) return { absent: "No operating points: the results hold none." };
  const main = mainModel(results);
  const chosen = [...new Set(operating.map((row) => row.chosen))];
  const groups = [...Map.groupBy(operating, (row) => row.task)];
  const letter = (text: string) => String.fromCharCode(97 + (chosen.indexOf(text) % 26));
  return {
    title: "Operating points on the external cases",
    marks: marks(results),
    note: html`Thresholds were fixed on other cases: ${chosen.map(
      (text, i) => html`${i > 0 && "; "}${chosen.length > 1 && html`<sup>${letter(text)}</sup> `}${text}`,
    )}. Below each percentage: counts and Wilson’s 95 % confidence interval. PPV and NPV, positive and negative predictive value, and accuracy, the share of right answers, hold at the share of positive cases of this cohort.`,
    body: html`<table>
<thead><tr><th scope="col">Model</th><th scope="col" class="num">Threshold</th><th scope="col" class="num">Sensitivity</th><th scope="col" class="num">Specificity</th><th scope="col" class="num">PPV</th><th scope="col" class="num">NPV</th><th scope="col" class="num">Accuracy</th></tr></thead>
${groups.map(
  ([task, rows]) => html`<tbody><tr><th scope="rowgroup" colspan="7">${taskTitle(results, task)}</th></tr>
${rows.map(
  (row) =>
    html`<tr${row.model === main && html` class="main"`}><th scope="row" class="level">${modelName(results, row.model)}</th><td class="num">${fixed(row.threshold, 2)}${
      chosen.length > 1 && html`<sup>${letter(row.chosen)}</sup>`
    }</td>${[row.sensitivity, row.specificity, row.ppv, row.npv, row.accuracy].map(cell)}</tr>`,
)}</tbody>`,
)}
</table>`,
  };
}

function cell(proportion: Proportion | undefined): Markup {
  if (proportion === undefined) return html`<td class="num">–</td>`;
  const { value, ci, numerator, denominator } = proportion;
  if (value === null) return html`<td class="num">–<br><span class="sub">no such case</span></td>`;
  return html`<td class="num">${percent(value)}<br><span class="sub">${numerator}/${denominator}${
    ci && html`; ${percentInterval(ci)}`
  }</span></td>`;
}
