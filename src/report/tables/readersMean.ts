import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { groupName, marks, readCases, readCasesNote, taskTitle } from "../labels.ts";
import { areaWithInterval, difference, differenceInterval, listed, pValue } from "../numbers.ts";

/** The multi-task model against the mean of each group of readers. */
export function readersMeanTable(results: Results): Block | Absent {
  const rows = results.readerAnalyses.againstMtdl;
  const random = rows.filter((row) => row.random === "readers and cases");
  if (random.length === 0)
    return { absent: "No mean of readers: no two of them read enough of the same cases." };
  const fixed = (row: (typeof rows)[number]) =>
    rows.find(
      (r) =>
        r.random === "cases" &&
        r.task === row.task &&
        r.group === row.group &&
        r.simulated === row.simulated &&
        r.aided === row.aided,
    );
  return {
    title: `The multi-task model against the mean of readers, on the cases that ${random.some((row) => row.design) ? "they" : "all of them"} read`,
    marks: marks(results, { readers: random }),
    note: html`${listed([...new Set(rows.map((row) => row.method))])}. CI, confidence interval. Difference: AUC of the multi-task model minus the readers’ mean AUC. p: for other readers and other cases; p, these readers: for these readers on other cases. Two-sided, not adjusted for the number of tests.${readCasesNote(random)}`,
    body: html`<table>
<thead><tr><th scope="col">Readers</th><th scope="col" class="num">Cases</th><th scope="col" class="num">Mean AUC (95 % CI)</th><th scope="col" class="num">Model’s AUC (95 % CI)</th><th scope="col" class="num">Difference (95 % CI)</th><th scope="col" class="num">p</th><th scope="col" class="num">p, these readers</th></tr></thead>
${[...Map.groupBy(random, (row) => row.task)].map(
  ([task, own]) => html`<tbody><tr><th scope="rowgroup" colspan="7">${taskTitle(results, task)}</th></tr>
${own.map((row) => {
  const these = fixed(row);
  return html`<tr><th scope="row" class="level">${groupName(row)}</th><td class="num">${readCases(row)}</td><td class="num">${areaWithInterval(row.mean.value, row.mean.ci)}</td><td class="num">${areaWithInterval(row.mtdl.value, row.mtdl.ci)}</td><td class="num">${difference(row.difference)} (${differenceInterval(row.ci)})</td><td class="num">${pValue(row.p)}</td><td class="num">${these ? pValue(these.p) : "–"}</td></tr>`;
})}</tbody>`,
)}
</table>`,
  };
}
