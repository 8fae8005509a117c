import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import type { Absent, Block } from "../block.ts";
import {
  mainModel,
  marks,
  modelName,
  shortName,
  taskQuestion,
  taskTitle,
  validatedTasks,
} from "../labels.ts";
import { area, areaInterval, difference, differenceInterval, listed, percent, pValue } from "../numbers.ts";

/** AUC of each model at each task, and each against the multi-task model. */
export function aucTable(results: Results): Block | Absent {
  const tasks = validatedTasks(results);
  if (tasks.length === 0) return { absent: "No AUCs: the results hold none." };
  const main = mainModel(results);
  const name = main === undefined ? "MTDL" : shortName(results, main);
  const compared = results.comparisons.length > 0;
  const intervals = listed([...new Set(results.auc.map((row) => row.method))]);
  const tests = listed([...new Set(results.comparisons.map((row) => row.method))]);
  return {
    title: "Area under the ROC curve on the external cases",
    marks: marks(results),
    note: html`AUC, area under the receiver operating characteristic curve; CI, confidence interval (${intervals}). ${
      compared &&
      html`Difference: AUC of ${name} minus AUC of the model of the row on the same cases; p: ${tests}, two-sided, not adjusted for the number of tests. `
    }${results.study.stageLabel && `Stage label: ${results.study.stageLabel}.`}`,
    body: html`<table>
<thead><tr><th scope="col">Model</th><th scope="col" class="num">Cases</th><th scope="col" class="num">Positive</th><th scope="col" class="num">AUC</th><th scope="col" class="num">95 % CI</th>${
      compared &&
      html`<th scope="col" class="num">Difference (95 % CI)</th><th scope="col" class="num">p</th>`
    }</tr></thead>
${tasks.map((task) => taskRows(results, task, compared, main))}
</table>`,
  };
}

function taskRows(results: Results, task: Task, compared: boolean, main: string | undefined): Markup {
  const rows = results.auc.filter((row) => row.task === task);
  return html`<tbody><tr><th scope="rowgroup" colspan="${compared ? 7 : 5}">${taskTitle(results, task)} <span class="sub">${taskQuestion(results, task)}</span></th></tr>
${rows.map(({ model, n, positives, value, ci }) => {
  const test = results.comparisons.find((c) => c.task === task && c.a === main && c.b === model);
  return html`<tr${model === main && html` class="main"`}><th scope="row" class="level">${modelName(results, model)}</th><td class="num">${n}</td><td class="num">${positives} (${percent(positives / n)})</td><td class="num strong">${area(value)}</td><td class="num">${areaInterval(ci)}</td>${
    compared &&
    (test
      ? html`<td class="num">${difference(test.difference)} (${differenceInterval(test.ci)})</td><td class="num">${pValue(test.p)}</td>`
      : html`<td class="num">${model === main ? "reference" : "–"}</td><td class="num">–</td>`)
  }</tr>`;
})}</tbody>`;
}
