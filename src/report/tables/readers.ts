import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { marks, readerName, taskTitle } from "../labels.ts";
import { areaWithInterval, difference, differenceInterval, percent, pValue } from "../numbers.ts";

/** Each reader's AUC and operating point, and the multi-task model against the reader on the reader's cases. */
export function readersTable(results: Results): Block | Absent {
  const { readers } = results;
  if (readers.length === 0) return { absent: "No readers: nobody’s readings were given." };
  const groups = [...Map.groupBy(readers, (row) => row.task)];
  return {
    title: "Readers, and the multi-task model against each on the reader’s cases",
    marks: marks(results, { readers: true }),
    note: "CI, confidence interval (DeLong). Difference: AUC of the multi-task model minus the reader’s; p: paired DeLong test, two-sided, not adjusted for the number of tests. Sensitivity and specificity at the reader’s own cut-off.",
    body: html`<table>
<thead><tr><th scope="col">Reader</th><th scope="col">Experience</th><th scope="col" class="num">Cases</th><th scope="col" class="num">Sensitivity</th><th scope="col" class="num">Specificity</th><th scope="col" class="num">AUC (95 % CI)</th><th scope="col" class="num">Difference (95 % CI)</th><th scope="col" class="num">p</th></tr></thead>
${groups.map(
  ([task, rows]) => html`<tbody><tr><th scope="rowgroup" colspan="8">${taskTitle(results, task)}</th></tr>
${rows.map(
  (row) =>
    html`<tr><th scope="row" class="level">${readerName(row)}${row.aided && ", with the model"}</th><td>${row.experience}</td><td class="num">${row.n}</td><td class="num">${percent(row.point[1])}</td><td class="num">${percent(1 - row.point[0])}</td><td class="num">${areaWithInterval(row.auc.value, row.auc.ci)}</td><td class="num">${difference(row.againstMtdl.difference)} (${differenceInterval(row.againstMtdl.ci)})</td><td class="num">${pValue(row.againstMtdl.p)}</td></tr>`,
)}</tbody>`,
)}
</table>`,
  };
}
