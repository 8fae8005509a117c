import type { OverlapResults } from "../../learning/segmentation/compare/overlapResults.ts";
import { html, type Markup } from "../../page/html.ts";
import type { Block } from "../block.ts";
import { fixed, listed } from "../numbers.ts";
import { className, classTitle } from "./names.ts";

type Summary = OverlapResults["summary"][number];
type Score = keyof Summary["scores"];

const rows: readonly { score: Score; name: string; digits: number }[] = [
  { score: "dice", name: "Dice", digits: 3 },
  { score: "surfaceDice", name: "Surface Dice", digits: 3 },
  { score: "hd95Mm", name: "HD95, mm", digits: 1 },
  { score: "assdMm", name: "ASSD, mm", digits: 2 },
  { score: "volumeErrorMl", name: "Volume error, mL", digits: 1 },
  { score: "volumeErrorPercent", name: "Volume error, %", digits: 1 },
];

/** Every score of each class over the cases. */
export function classTable(results: OverlapResults): Block {
  const { classes, summary, cases } = results;
  return {
    title: `Scores of each class over ${cases.length} ${cases.length === 1 ? "case" : "cases"}`,
    marks: [],
    note: html`n: cases that have the score. Where the reference or the prediction has no voxel of a class, Dice and surface Dice are 0 and distances are not defined; where neither has one, none of them is. ${summary.map(emptyText)}CI: 95 % confidence interval of the mean (bootstrap over cases, bias-corrected and accelerated, 2,000 samples); – where fewer than three cases have the score or all are alike. SD, standard deviation; IQR, first to third quartile.`,
    body: html`<table>
<thead><tr><th scope="col">Score</th><th scope="col" class="num">n</th><th scope="col" class="num">Mean</th><th scope="col" class="num">95 % CI</th><th scope="col" class="num">SD</th><th scope="col" class="num">Median</th><th scope="col" class="num">IQR</th></tr></thead>
${summary.map(
  (
    each,
    c,
  ) => html`<tbody><tr><th scope="rowgroup" colspan="7">${classTitle(classes[c].name)} <span class="sub">${classes[c].labels.length === 1 ? "label" : "labels"} ${listed(classes[c].labels.map(String))}; surface Dice at ${fixed(classes[c].toleranceMm, 2)} mm</span></th></tr>
${rows.map((row) => rowMarkup(row, each.scores[row.score]))}</tbody>`,
)}
</table>`,
  };
}

function rowMarkup({ name, digits }: (typeof rows)[number], found: Summary["scores"][Score]): Markup {
  const head = html`<th scope="row" class="level">${name}</th>`;
  if (!found)
    return html`<tr>${head}<td class="num">0</td>${[0, 1, 2, 3, 4].map(() => html`<td class="num">–</td>`)}</tr>`;
  const { n, mean, ci, sd, median, quartiles } = found;
  const number = (value: number) => fixed(value, digits);
  return html`<tr>${head}<td class="num">${n}</td><td class="num strong">${number(mean)}</td><td class="num">${range(ci, number)}</td><td class="num">${sd === null ? "–" : number(sd)}</td><td class="num">${number(median)}</td><td class="num">${range(quartiles, number)}</td></tr>`;
}

const range = (ends: readonly [number, number] | null, number: (value: number) => string): string =>
  ends === null ? "–" : `${number(ends[0])} to ${number(ends[1])}`;

/** `mass: 2 cases without it in the prediction.` */
function emptyText({ class: name, empty }: Summary): string {
  const told = [
    ...(empty.predicted > 0 ? [`${empty.predicted} in the prediction`] : []),
    ...(empty.reference > 0 ? [`${empty.reference} in the reference`] : []),
    ...(empty.both > 0 ? [`${empty.both} in both`] : []),
  ];
  return told.length === 0 ? "" : `Cases without ${className(name)}: ${told.join(", ")}. `;
}
