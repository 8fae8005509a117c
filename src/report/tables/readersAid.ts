import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { groupName, marks, readCases, readCasesNote, taskTitle } from "../labels.ts";
import { areaWithInterval, difference, differenceInterval, fixed, listed, pValue } from "../numbers.ts";

/** The same readers without and with the multi-task model's answer. */
export function readersAidTable(results: Results): Block | Absent {
  const rows = results.readerAnalyses.aid;
  const random = rows.filter((row) => row.random === "readers and cases");
  if (random.length === 0)
    return { absent: "No readers with the model: nobody read both without and with it." };
  const these = (row: (typeof rows)[number]) =>
    rows.find(
      (r) =>
        r.random === "cases" && r.task === row.task && r.group === row.group && r.simulated === row.simulated,
    );
  const degrees = (df: number | null) => (df === null ? "∞" : fixed(df, 1));
  return {
    title: `Readers without and with the multi-task model’s answer, on the cases read${random.some((row) => row.design) ? "" : " both ways"}`,
    marks: marks(results, { readers: random }),
    note: html`${listed([...new Set(rows.map((row) => row.method))])}. CI, confidence interval. Difference: mean AUC with the model’s answer minus without. F and p: for other readers and other cases; p, these readers: for these readers on other cases. Two-sided, not adjusted for the number of tests.${readCasesNote(random)}`,
    body: html`<table>
<thead><tr><th scope="col">Readers</th><th scope="col" class="num">Cases</th><th scope="col" class="num">Without (95 % CI)</th><th scope="col" class="num">With (95 % CI)</th><th scope="col" class="num">Difference (95 % CI)</th><th scope="col" class="num">F (df)</th><th scope="col" class="num">p</th><th scope="col" class="num">p, these readers</th></tr></thead>
${[...Map.groupBy(random, (row) => row.task)].map(
  ([task, own]) => html`<tbody><tr><th scope="rowgroup" colspan="8">${taskTitle(results, task)}</th></tr>
${own.map((row) => {
  const fixedReaders = these(row);
  return html`<tr><th scope="row" class="level">${groupName(row)}</th><td class="num">${readCases(row)}</td><td class="num">${areaWithInterval(row.unaided.value, row.unaided.ci)}</td><td class="num">${areaWithInterval(row.aided.value, row.aided.ci)}</td><td class="num">${difference(row.difference)} (${differenceInterval(row.ci)})</td><td class="num">${fixed(row.f, 2)} (${row.df1}, ${degrees(row.df2)})</td><td class="num">${pValue(row.p)}</td><td class="num">${fixedReaders ? pValue(fixedReaders.p) : "–"}</td></tr>`;
})}</tbody>`,
)}
</table>`,
  };
}
