import type { OverlapResults } from "../../learning/segmentation/compare/overlapResults.ts";
import { html, type Markup } from "../../page/html.ts";
import { itemMarkup } from "../captioned.ts";
import { day, fixed, percent } from "../numbers.ts";
import { pageHead } from "../pageHead.ts";
import { placesOf, type Section } from "../places.ts";
import { classTable } from "./classTable.ts";
import { detectionTable, faultsTable } from "./lesionTables.ts";
import { className } from "./names.ts";
import { worstCases } from "./worstCases.ts";

/** A comparison of masks as one HTML file, made from its results alone: no script, nothing loaded from outside. */
export function renderOverlap(results: OverlapResults): string {
  const { software, created, reference, predicted, seed, format } = results;
  const title = `${predicted} against ${reference}`;
  const sections: readonly Section[] = [
    {
      id: "scores",
      title: "Scores",
      items: [{ kind: "table", id: "classes", content: classTable(results) }],
    },
    ...(results.classes.some(({ lesions }) => lesions) ? [lesionSection(results)] : []),
    {
      id: "worst",
      title: "Where outlines disagree",
      items: [{ kind: "figure", id: "pictures", content: worstCases(results) }],
    },
    {
      id: "left-out",
      title: "Cases left out, and remarks",
      items: [{ kind: "text", content: leftOut(results) }],
    },
    { id: "definitions", title: "Definitions", items: [{ kind: "text", content: definitions }] },
  ];
  const places = placesOf(sections);
  return html`${pageHead(title, software)}
<body>
<a class="skip" href="#main">To the results</a>
<header>
<p class="kicker">Segmentation compared · research use only</p>
<h1>${title}</h1>
<p class="byline">${day(created)} · ${software}</p>
<section class="abstract" aria-labelledby="summary"><h2 id="summary">Summary</h2><p>${overlapSummary(results)}</p></section>
</header>
<main id="main">
${sections.map(
  (
    section,
  ) => html`<section id="${section.id}" aria-labelledby="${section.id}-title"><h2 id="${section.id}-title">${section.title}</h2>
${section.items.map((item) => itemMarkup(item, places))}
</section>
`,
)}</main>
<footer>Made by ${software} from scores.json (${format}), seed ${seed}, ${created}. Research use only: not a medical device.</footer>
</body>
</html>
`.markup;
}

const lesionSection = (results: OverlapResults): Section => ({
  id: "lesions",
  title: "Lesions",
  items: [
    { kind: "table", id: "detection", content: detectionTable(results) },
    { kind: "table", id: "faults", content: faultsTable(results) },
  ],
});

/** The main figures in sentences. */
export function overlapSummary({ cases, leftOut, summary }: OverlapResults): string {
  const scored = `${cases.length} ${cases.length === 1 ? "case" : "cases"} scored, ${leftOut.length} left out.`;
  const dice = summary.map(({ class: name, scores }) => {
    const found = scores.dice;
    if (!found) return `no Dice of ${className(name)}`;
    const interval = found.ci ? ` (${fixed(found.ci[0], 3)}–${fixed(found.ci[1], 3)})` : "";
    return `${fixed(found.mean, 3)}${interval} of ${className(name)}`;
  });
  const lesions = summary.flatMap(({ class: name, detection }) => {
    if (!detection?.sensitivity) return [];
    const { found, lesions, falsePositives, sensitivity } = detection;
    return [
      ` Of ${lesions} ${className(name)}, ${found} were found (${percent(sensitivity.value)}), with ${falsePositives} false ${falsePositives === 1 ? "positive" : "positives"}.`,
    ];
  });
  return `${scored} Mean Dice: ${dice.join(", ")}.${lesions.join("")}`;
}

function leftOut({ leftOut, cases }: OverlapResults): Markup {
  const said = cases.flatMap(({ case: name, remarks }) => remarks.map((remark) => `${name}: ${remark}`));
  return html`${
    leftOut.length === 0
      ? html`<p>No case was left out.</p>`
      : html`<p>${leftOut.length} ${leftOut.length === 1 ? "case is" : "cases are"} in no figure of this page:</p>
<ul class="caveats">${leftOut.map(({ case: name, reason }) => html`<li>${name}: ${reason}</li>`)}</ul>`
  }${said.length > 0 && html`<p>Remarks:</p><ul class="caveats">${said.map((line) => html`<li>${line}</li>`)}</ul>`}`;
}

const definitions = html`<dl>
<dt>Dice</dt><dd>Twice the voxels in both masks over the voxels of each: 1 for the same mask, 0 for masks apart.</dd>
<dt>Surface Dice</dt><dd>Share of both surfaces’ area within the class’s tolerance of the other surface (Nikolov et al. 2018). Surface elements and distances as in DeepMind’s surface-distance, by which KiTS scores.</dd>
<dt>HD95</dt><dd>95 % of each surface’s area lies within this distance of the other surface: the greater of both.</dd>
<dt>ASSD</dt><dd>Average symmetric surface distance: the mean distance of both surfaces to the other, by area.</dd>
<dt>Volume error</dt><dd>Predicted less reference, and the same as a share of the reference.</dd>
<dt>KiTS’s classes</dt><dd>Kidney with masses (labels 1, 2, 3), masses (2, 3), tumours (2), each scored whole. KiTS itself gives 1 where neither mask has a class; here such a case has no score.</dd>
</dl>`;
