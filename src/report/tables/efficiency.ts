import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { percent } from "../numbers.ts";
import { measures, savings } from "../sections/efficiencyMeasures.ts";

/** What one multi-task model costs against the single-task models together. */
export function efficiencyTable(results: Results): Block | Absent {
  const { efficiency } = results;
  if (efficiency === null || efficiency.rows.length === 0)
    return { absent: "No efficiency: it was not measured in this validation." };
  const saved = savings(results);
  const columns = efficiency.rows.map((row) => ({
    row,
    name:
      row.model === "mtdl"
        ? "One multi-task model"
        : row.model === "stdl"
          ? "Single-task models together"
          : row.model,
  }));
  return {
    title: "Efficiency of one multi-task model against the single-task models together",
    // Time and memory are of the software, whatever the images are.
    marks: [],
    note: html`Counted: ${efficiency.counted}. Saved: 1 − multi-task ÷ single-task; a minus sign means that the multi-task model costs more. Other machines give other times; the ratios are what to compare.`,
    body: html`<table>
<thead><tr><th scope="col">Measure</th>${columns.map(({ name }) => html`<th scope="col" class="num">${name}</th>`)}<th scope="col" class="num">Saved</th></tr></thead>
<tbody>${measures.map((measure) => {
      const saving = saved.find((s) => s.measure === measure);
      return html`<tr><th scope="row">${measure.name}</th>${columns.map(({ row }) => {
        const value = measure.value(row);
        return html`<td class="num">${value === null ? "not known" : measure.print(value)}</td>`;
      })}<td class="num strong">${saving ? percent(saving.saved) : "–"}</td></tr>`;
    })}</tbody>
</table>`,
  };
}
