import type { OverlapResults } from "../../learning/segmentation/compare/overlapResults.ts";
import { lesionRows } from "../../learning/segmentation/compare/scoresTables.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import type { Absent, Block } from "../block.ts";
import { fixed, percent, percentInterval } from "../numbers.ts";
import { classTitle } from "./names.ts";

type Found = NonNullable<OverlapResults["summary"][number]["detection"]>;
type Rate = Found["sensitivity"];

/** What was found of the lesions of each class. */
export function detectionTable(results: OverlapResults): Block {
  const rows = results.summary.flatMap(({ class: name, detection }) =>
    detection ? [{ name, detection }] : [],
  );
  const { leastIou, speckMl } = results.detection;
  const specks = rows.reduce((sum, { detection }) => sum + detection.specks, 0);
  return {
    title: "Lesions found, missed and falsely found",
    marks: [],
    note: html`A lesion is a piece whose voxels touch by a face, edge or corner, of ${fixed(speckMl, 2)} mL or more${specks > 0 && ` (${specks} smaller pieces left out)`}. It is found where a predicted piece has an intersection over union of ${fixed(leastIou, 2)} or more with it; pairs are matched one to one, the best first. F1: harmonic mean of sensitivity and precision. In parentheses: 95 % confidence interval (bootstrap over cases, so that lesions of one patient stay together); none where all cases are alike or fewer than three count.`,
    body: html`<table>
<thead><tr><th scope="col">Class</th><th scope="col" class="num">Lesions</th><th scope="col" class="num">Sensitivity</th><th scope="col" class="num">Precision</th><th scope="col" class="num">F1</th><th scope="col" class="num">False positives a case</th></tr></thead>
${rows.map(
  ({
    name,
    detection: d,
  }) => html`<tbody><tr><th scope="row">${classTitle(name)}</th><td class="num">${d.found} of ${d.lesions}</td>${[d.sensitivity, d.precision].map(shareCell)}<td class="num">${rate(d.f1, (x) => fixed(x, 2))}</td><td class="num">${rate(d.falsePositivesPerCase, (x) => fixed(x, 2))}</td></tr>
${d.bySize
  .filter(({ lesions }) => lesions > 0)
  .map(
    ({ fromMm, toMm, lesions, found }) =>
      html`<tr><th scope="row" class="level">${sizeText(fromMm, toMm)}</th><td class="num">${found} of ${lesions}</td><td class="num">${percent(found / lesions)}</td><td class="num"></td><td class="num"></td><td class="num"></td></tr>`,
  )}</tbody>`,
)}
</table>`,
  };
}

const sizeText = (from: number, to: number | null): string =>
  to === null
    ? `${from} mm and more across`
    : from === 0
      ? `under ${to} mm across`
      : `${from} to under ${to} mm across`;

function shareCell(found: Rate): Markup {
  if (!found) return html`<td class="num">–</td>`;
  return html`<td class="num">${percent(found.value)}${found.ci && html` <span class="sub">(${percentInterval(found.ci)})</span>`}</td>`;
}

function rate(found: Rate, number: (value: number) => string): Part {
  if (!found) return "–";
  return html`${number(found.value)}${found.ci && html` <span class="sub">(${number(found.ci[0])}–${number(found.ci[1])})</span>`}`;
}

/** More rows than this are in the table's file only. */
const mostRows = 60;

/** Every lesion that was missed or falsely found, the largest first. */
export function faultsTable(results: OverlapResults): Block | Absent {
  const faults = lesionRows(results)
    .filter(({ outcome }) => outcome !== "found")
    .sort((a, b) => b.ml - a.ml);
  if (faults.length === 0) return { absent: "Every lesion was found, and no other." };
  const more = faults.length - mostRows;
  return {
    title: "Lesions missed, and predictions that are none, the largest first",
    marks: [],
    note: html`${more > 0 && `${more} smaller ones are not shown. `}All lesions, those found with their intersection over union, are in lesions.csv. Diameter: longest line between two voxels’ centres.`,
    body: html`<table>
<thead><tr><th scope="col">Case</th><th scope="col">Class</th><th scope="col">Outcome</th><th scope="col" class="num">Volume, mL</th><th scope="col" class="num">Diameter, mm</th></tr></thead>
<tbody>${faults
      .slice(0, mostRows)
      .map(
        ({ case: name, class: of, outcome, ml, diameterMm }) =>
          html`<tr><th scope="row">${name}</th><td>${classTitle(of)}</td><td>${outcome}</td><td class="num">${fixed(ml, 2)}</td><td class="num">${fixed(diameterMm, 0)}</td></tr>`,
      )}</tbody>
</table>`,
  };
}
