import type { PredictedPhase, Prediction } from "../../evidence/predict/prediction.ts";
import { html, type Markup } from "../../page/html.ts";
import { fixed, listed, percent } from "../numbers.ts";
import { unbroken } from "./words.ts";

/** Which series was read as which phase, why, and how it was laid on the reference. */
export function phasesMarkup({ phases, missingPhases }: Prediction): Markup {
  const measures = [...new Set(phases.flatMap(({ alignment }) => alignment?.measure ?? []))];
  return html`<section class="phases" aria-labelledby="phases">
<h2 id="phases">Series read as phases</h2>
<table class="stacked">
<thead><tr><th scope="col">Phase</th><th scope="col">Series</th><th scope="col">Why this phase</th><th scope="col">Sure</th><th scope="col">Alignment</th></tr></thead>
<tbody>${phases.map(row)}${missingPhases.map(
    (phase) =>
      html`<tr><th scope="row">${phase}</th><td data-head="Series" colspan="4"><span class="flag">not scanned: the model answers without it</span></td></tr>`,
  )}</tbody></table>
${measures.length > 0 && html`<p class="sub">Similarity to the reference phase: ${listed(measures)}; higher is more alike.</p>`}
</section>`;
}

const row = (found: PredictedPhase): Markup => html`<tr><th scope="row">${found.phase}</th>
<td data-head="Series">${seriesText(found)}; <span class="sub">${found.slices} slices, ${spacing(found)} mm</span></td>
<td data-head="Why">${found.evidence.length > 0 ? unbroken(found.evidence.join("; ")) : "as the user said"}</td>
<td data-head="Sure">${found.confidence === undefined ? "given" : percent(found.confidence)}</td>
<td data-head="Alignment">${alignmentText(found)}</td></tr>`;

function seriesText({ series, path }: PredictedPhase): string {
  const number = series?.number === undefined ? "" : `${series.number}: `;
  return series?.description ? `${number}${series.description}` : number + path;
}

const spacing = ({ spacingMm }: PredictedPhase): number => Number(spacingMm[2].toFixed(2));

function alignmentText({ alignment }: PredictedPhase): string {
  if (!alignment) return "reference, or aligned before";
  const { used, remark, translationMm, rotationDegrees, before, after } = alignment;
  const moved = `${fixed(Math.hypot(...translationMm), 1)} mm, ${fixed(rotationDegrees, 1)}°`;
  const gain = `similarity ${fixed(before, 2)} → ${fixed(after, 2)}`;
  return used ? `moved ${moved}; ${gain}` : `${remark}; ${gain}`;
}
