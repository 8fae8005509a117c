import { type Results, tasksOfResults } from "../../evidence/validate/results.ts";
import { html, type Part } from "../../page/html.ts";
import { namesOf } from "../../patients/cohort/tasks.ts";
import type { Absent, Block } from "../block.ts";
import { marks, taskTitle } from "../labels.ts";
import { area, count, fixed } from "../numbers.ts";

type Card = Results["cards"][number];

/** The figures of every model's configuration, a column a model. */
export function modelCardTable(results: Results): Block | Absent {
  const { cards } = results;
  if (cards.length === 0)
    return { absent: "No table of models: these results do not hold their configuration." };
  const rows: readonly (readonly [name: string, cell: (card: Card) => Part])[] = [
    ["Tasks", ({ config }) => config.tasks.map((task) => taskTitle(results, task)).join(", ")],
    ["Cases: training, validation", ({ config }) => `${config.cases.train}, ${config.cases.validation}`],
    ["Parameters", ({ config }) => count(config.parameters)],
    ["Epoch kept", ({ config }) => `${config.bestEpoch} of at most ${config.settings.epochs}`],
    ...namesOf(tasksOfResults(results)).flatMap((task): (readonly [string, (card: Card) => Part])[] => [
      [
        `${taskTitle(results, task)}: validation AUC`,
        ({ config }) => known(config.validationAuc[task], area),
      ],
      [
        `${taskTitle(results, task)}: threshold`,
        ({ config }) => known(config.thresholds[task], (v) => fixed(v, 3)),
      ],
      [
        `${taskTitle(results, task)}: calibration, slope and intercept`,
        ({ config }) =>
          known(config.calibration[task], (c) => `${fixed(c.slope, 2)}, ${fixed(c.intercept, 2)}`),
      ],
    ]),
    ["Made by", ({ config }) => `${config.software}${config.variant ? `, ${config.variant.name}` : ""}`],
  ];
  const chosen = [...new Set(cards.map(({ config }) => config.thresholdChosen))];
  return {
    title: `The models (n = ${cards[0].config.cases.train + cards[0].config.cases.validation} cases of centre ${cards[0].config.settings.center})`,
    marks: marks(results),
    note: `Validation AUCs are optimistic: the epoch was chosen on the same cases. Thresholds: ${chosen.join("; ")}. Calibration: Platt’s, on the validation cases.`,
    body: html`<table>
<thead><tr><th scope="col">Property</th>${cards.map(({ config }) => html`<th scope="col" class="num">${title(config)}</th>`)}</tr></thead>
<tbody>${rows.map(
      ([name, cell]) =>
        html`<tr><th scope="row">${name}</th>${cards.map((card) => html`<td class="num wrap">${cell(card)}</td>`)}</tr>`,
    )}</tbody>
</table>`,
  };
}

const known = <T>(value: T | undefined, print: (value: T) => string): string =>
  value === undefined ? "–" : print(value);

const title = ({ kind, tasks }: Card["config"]): string => (kind === "mtdl" ? "MTDL" : `STDL, ${tasks[0]}`);
