import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import type { Absent, Block } from "../block.ts";
import {
  groupName,
  mainModel,
  marks,
  modelName,
  rivals,
  shortName,
  taskQuestion,
  taskTitle,
  validatedTasks,
} from "../labels.ts";
import { area, areaInterval, difference, differenceInterval, pEquals, percent } from "../numbers.ts";
import { type Places, placeLink } from "../places.ts";
import { savings } from "../sections/efficiencyMeasures.ts";

/** One finding: a cell a task, and where its details are. */
interface Finding {
  readonly name: Part;
  readonly cells: readonly (Part | undefined)[];
  readonly strong?: boolean;
  readonly details: readonly string[];
}

/** What an abstract tells, in one table: a column a task, a row a finding, links to its details below its name. */
export function keyResultsTable(results: Results): Absent | ((places: Places) => Block) {
  const tasks = validatedTasks(results);
  if (tasks.length === 0) return { absent: "No main results: the results hold no AUC." };
  const groups = [
    [...areas(results, tasks), ...comparisons(results, tasks)],
    readers(results, tasks),
    benefits(results, tasks),
  ]
    .map((group) => group.filter(({ cells }) => cells.some((cell) => cell !== undefined)))
    .filter((group) => group.length > 0);
  return (places) => {
    const links = (ids: readonly string[]): Part =>
      html`<br><span class="sub">${ids.flatMap((id) => places.get(id) ?? []).map((place, i) => [i > 0 && ", ", placeLink(place)])}</span>`;
    return {
      title: "Main results on the external cases",
      marks: marks(results, { readers: true }),
      note: "AUC, area under the receiver operating characteristic curve, with its 95 % confidence interval; differences are of the AUC of the multi-task model (MTDL) less the other’s, with 95 % confidence interval and two-sided p, not adjusted for the number of tests. STDL, the single-task models. Links lead to the details.",
      body: html`<table class="key">
<thead><tr><th scope="col">Finding</th>${tasks.map(
        (task) =>
          html`<th scope="col" class="num">${taskTitle(results, task)}<br><span class="sub">${taskQuestion(results, task)}</span></th>`,
      )}</tr></thead>
${groups.map(
  (findings) => html`<tbody>${findings.map(
    ({ name, cells, strong, details }) =>
      html`<tr${strong && html` class="main"`}><th scope="row">${name}${links(details)}</th>${cells.map(
        (cell) => html`<td class="num">${cell ?? "–"}</td>`,
      )}</tr>`,
  )}</tbody>
`,
)}
${efficiency(results, tasks.length, links)}
</table>`,
    };
  };
}

function areas(results: Results, tasks: readonly Task[]): Finding[] {
  const main = mainModel(results);
  const row = (task: Task, model: string) =>
    results.auc.find((found) => found.task === task && found.model === model);
  return [
    {
      name: "Cases (positive)",
      cells: tasks.map((task) => {
        const found = results.auc.find((a) => a.task === task);
        return found && `${found.n} (${found.positives})`;
      }),
      details: ["flow", "characteristics"],
    },
    ...results.models.map(({ id }) => ({
      name: `AUC, ${modelName(results, id)}`,
      cells: tasks.map((task) => {
        const found = row(task, id);
        return found && areaCell(found.value, found.ci);
      }),
      strong: id === main,
      details: ["auc", "roc"],
    })),
  ];
}

function comparisons(results: Results, tasks: readonly Task[]): Finding[] {
  const main = mainModel(results);
  return rivals(results).map((id) => ({
    name: html`MTDL − ${shortName(results, id)} <span class="sub">(paired DeLong)</span>`,
    cells: tasks.map((task) => {
      const found = results.comparisons.find((c) => c.task === task && c.a === main && c.b === id);
      return found && differenceCell(found);
    }),
    details: ["auc"],
  }));
}

const differenceCell = (found: { difference: number; ci: readonly [number, number]; p: number }): Markup =>
  html`${difference(found.difference)}<br><span class="sub">${differenceInterval(found.ci)}<br>${pEquals(found.p)}</span>`;

const areaCell = (value: number, ci: readonly [number, number]): Markup =>
  html`${area(value)}<br><span class="sub">${areaInterval(ci)}</span>`;

/** The mean of each group of readers, unaided, and the model against it for other readers and other cases. */
function readers({ readerAnalyses }: Results, tasks: readonly Task[]): Finding[] {
  const rows = readerAnalyses.againstMtdl.filter((r) => !r.aided && r.random === "readers and cases");
  const groups = Map.groupBy(rows, (row) => `${row.simulated} ${row.group}`);
  return [...groups.values()].flatMap((own): Finding[] => {
    const cells = (cell: (row: (typeof own)[number]) => Part) =>
      tasks.map((task) => {
        const found = own.find((row) => row.task === task);
        return found && cell(found);
      });
    return [
      {
        name: `Mean AUC, ${groupName(own[0])}`,
        cells: cells((row) => areaCell(row.mean.value, row.mean.ci)),
        details: ["readers-mean", "readers"],
      },
      { name: `MTDL − ${groupName(own[0])}`, cells: cells(differenceCell), details: ["readers-mean"] },
    ];
  });
}

/** How far the decision curves speak for the multi-task model. */
function benefits(results: Results, tasks: readonly Task[]): Finding[] {
  const main = mainModel(results);
  return [
    {
      name: html`Thresholds at which MTDL has the highest net benefit <span class="sub">of all models, treating all and none</span>`,
      cells: tasks.map((task) => {
        const found = results.decision.find((d) => d.task === task);
        const own = found?.curves.find(({ model }) => model === main)?.netBenefit;
        if (!found || !own) return undefined;
        const others = found.curves.filter(({ model }) => model !== main);
        const best = found.thresholds.filter((_, i) =>
          others.every(({ netBenefit }) => own[i] > netBenefit[i]),
        );
        return `${best.length} of ${found.thresholds.length}`;
      }),
      details: ["decision", "benefit-difference", "net-benefit"],
    },
  ];
}

function efficiency(
  results: Results,
  columns: number,
  links: (ids: readonly string[]) => Part,
): Markup | undefined {
  const found = savings(results).filter(({ measure }) => measure.key);
  if (found.length === 0) return undefined;
  return html`<tbody>${found.map(
    ({ measure, mtdl, stdl, saved }) =>
      html`<tr><th scope="row">${measure.name}${links(["efficiency", "savings"])}</th><td colspan="${columns}">${measure.print(mtdl)} (MTDL) v. ${measure.print(stdl)} (STDL together): <span class="strong">${
        saved >= 0 ? `${percent(saved)} saved` : `${percent(-saved)} more`
      }</span></td></tr>`,
  )}</tbody>`;
}
