import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { caseCounts, mainModel, marks, rivals, shortName, taskTitle } from "../labels.ts";
import { difference, differenceInterval, fixed } from "../numbers.ts";

type Decision = Results["decision"][number];

/** Threshold probabilities printed: those that results of 0.01 steps have. */
const printed = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];

/** Net benefit at some thresholds, and the multi-task model's less that of its rivals with intervals. */
export function netBenefitTable(results: Results): Block | Absent {
  const { decision } = results;
  const main = mainModel(results);
  if (decision.length === 0 || main === undefined)
    return { absent: "No table of net benefits: the results hold no decision curves." };
  const others = rivals(results);
  const columns = [main, ...others];
  const compared = decision.some(({ differences }) => differences.length > 0);
  const name = (id: string) => shortName(results, id);
  return {
    title: `Net benefit at chosen threshold probabilities (${caseCounts(results)})`,
    marks: marks(results),
    note: html`Per patient; treating none has net benefit 0. ${
      compared &&
      html`Difference: ${name(main)} minus the other model, on the same cases; CI, confidence interval: ${decision[0].method}. `
    }Not adjusted for the number of thresholds.`,
    body: html`<table>
<thead><tr><th scope="col">Threshold</th>${columns.map((id) => html`<th scope="col" class="num">${name(id)}</th>`)}<th scope="col" class="num">Treat all</th>${
      compared &&
      others.map(
        (id) => html`<th scope="col" class="num">Difference, ${name(main)} − ${name(id)} (95 % CI)</th>`,
      )
    }</tr></thead>
${decision.map((d) => taskRows(results, d, columns, compared ? others : []))}
</table>`,
  };
}

function taskRows(
  results: Results,
  decision: Decision,
  columns: readonly string[],
  others: readonly string[],
): Markup {
  const { task, thresholds } = decision;
  const rows = printed.flatMap((t) => {
    const i = thresholds.findIndex((x) => Math.abs(x - t) < 1e-9);
    return i === -1 ? [] : i;
  });
  const span = columns.length + 2 + others.length;
  return html`<tbody><tr><th scope="rowgroup" colspan="${span}">${taskTitle(results, task)}</th></tr>
${rows.map(
  (i) =>
    html`<tr><th scope="row" class="level">${fixed(thresholds[i], 2)}</th>${[...columns, "all"].map((id) =>
      benefitCell(decision, id, i),
    )}${others.map((id) => differenceCell(decision, id, i))}</tr>`,
)}</tbody>`;
}

function benefitCell({ curves }: Decision, id: string, i: number): Markup {
  const value = curves.find(({ model }) => model === id)?.netBenefit[i];
  return html`<td class="num">${value === undefined ? "–" : fixed(value, 3)}</td>`;
}

function differenceCell({ differences }: Decision, id: string, i: number): Markup {
  const found = differences.find(({ b }) => b === id);
  return html`<td class="num">${found ? `${difference(found.difference[i])} (${differenceInterval(found.ci[i])})` : "–"}</td>`;
}
