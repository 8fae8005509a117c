import type { Prediction } from "../../evidence/predict/prediction.ts";
import { html, type Markup } from "../../page/html.ts";
import { listed } from "../numbers.ts";

/** What made this page, and from what. */
export function provenanceMarkup({ model, software, created, study }: Prediction): Markup {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Model", `${model.kind.toUpperCase()}, SHA-256 ${model.sha256.slice(0, 12)}…`],
    ["Trained on", `${model.trainingCases} cases of centre ${model.center}; images ${sourcesText(model)}`],
    ["Software", software],
    ["Made", `${created.slice(0, 16).replace("T", " ")} UTC`],
    ["Study UID", study.uid],
  ];
  return html`<section class="provenance" aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
<dl>${facts.map(([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`;
}

const sourceWords = {
  real: "real CT",
  painted: "painted, not CT",
  procedural: "procedural phantoms",
} as const;

const sourcesText = ({ sources }: Prediction["model"]): string =>
  sources ? listed(sources.map((source) => sourceWords[source])) : "of unrecorded origin";
