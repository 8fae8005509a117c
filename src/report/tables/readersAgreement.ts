import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { groupName, marks, taskTitle } from "../labels.ts";
import { fixed, listed } from "../numbers.ts";

const names = {
  "fleiss-kappa": "Fleiss’s κ, decisions",
  "weighted-kappa": "Weighted κ, scores",
  icc: "ICC(2,1), scores",
} as const;

/** Agreement among readers, each measure with its interval. */
export function readersAgreementTable(results: Results): Block | Absent {
  const rows = results.readerAnalyses.agreement;
  if (rows.length === 0) return { absent: "No agreement among readers: no two of them read the same cases." };
  const value = (v: number) => fixed(v, 2);
  return {
    title: "Agreement among readers",
    marks: marks(results, { readers: rows }),
    note: html`CI, confidence interval; ICC, intraclass correlation. Methods: ${listed([...new Set(rows.map((row) => row.method))])}.`,
    body: html`<table>
<thead><tr><th scope="col">Readers</th><th scope="col" class="num">Cases</th><th scope="col">Measure</th><th scope="col" class="num">Agreement (95 % CI)</th></tr></thead>
${[...Map.groupBy(rows, (row) => row.task)].map(
  ([task, own]) => html`<tbody><tr><th scope="rowgroup" colspan="4">${taskTitle(results, task)}</th></tr>
${own.map(
  (row) =>
    html`<tr><th scope="row" class="level">${groupName(row)}</th><td class="num">${row.n}</td><td>${names[row.measure]}</td><td class="num">${value(row.value)} (${value(row.ci[0])} to ${value(row.ci[1])})</td></tr>`,
)}</tbody>`,
)}
</table>`,
  };
}
