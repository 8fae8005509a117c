import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { marks } from "../labels.ts";
import { listed, pValue } from "../numbers.ts";

type Row = Results["table1"]["rows"][number];

/** Table 1 of a paper: the cases of each centre. */
export function characteristicsTable(results: Results): Block | Absent {
  const { table1, study } = results;
  if (table1.rows.length === 0 || table1.centers.length === 0)
    return { absent: "No table of characteristics: the results hold none." };
  const tested = table1.rows.some((row) => row.p !== null);
  const used = [...new Set(table1.rows.flatMap((row) => (row.p === null || !row.test ? [] : row.test)))];
  const groups = [...Map.groupBy(table1.rows, (row) => row.characteristic).values()];
  const columns = table1.centers.length + (tested ? 2 : 1);
  return {
    title: "Characteristics of the cases",
    marks: marks(results),
    note: html`${study.stageLabel && `Stage: ${study.stageLabel}.`}${used.length > 0 ? ` p values compare the centres: ${listed(used)}.` : ""} SD, standard deviation; IQR, interquartile range.`,
    body: html`<table>
<thead><tr><th scope="col">Characteristic</th>${table1.centers.map(
      ({ center, n }) =>
        html`<th scope="col" class="num">Centre ${center}<br><span class="sub">${
          center === study.development ? "development" : "external"
        }, n&nbsp;=&nbsp;${n}</span></th>`,
    )}${tested && html`<th scope="col" class="num">p</th>`}</tr></thead>
${groups.map((rows) => group(rows, columns, tested))}
</table>`,
  };
}

function group(rows: readonly Row[], columns: number, tested: boolean): Markup {
  const cells = (row: Row, withP: Part) =>
    html`${row.cells.map((cell) => html`<td class="num">${cell}</td>`)}${tested && html`<td class="num">${withP}</td>`}`;
  const [first] = rows;
  const p = rows.find((row) => row.p !== null)?.p;
  const printed = p === undefined || p === null ? "" : pValue(p);
  if (first.level === null) {
    const [, ...more] = rows;
    return html`<tbody><tr><th scope="row">${first.characteristic}</th>${cells(first, printed)}</tr>
${more.map((row) => html`<tr><th scope="row" class="level">${row.level}</th>${cells(row, "")}</tr>`)}</tbody>`;
  }
  return html`<tbody><tr><th scope="rowgroup" colspan="${tested ? columns - 1 : columns}">${first.characteristic}</th>${
    tested && html`<td class="num">${printed}</td>`
  }</tr>
${rows.map((row) => html`<tr><th scope="row" class="level">${row.level}</th>${cells(row, "")}</tr>`)}</tbody>`;
}
