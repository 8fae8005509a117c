import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import { described, type Picture } from "../../page/svg.ts";
import type { Absent, FigureBlock } from "../block.ts";
import type { Row } from "../figures/drawing.ts";
import { imagesLabel, marks, taskOf } from "../labels.ts";
import { fixed } from "../numbers.ts";

type Example = Results["examples"][number];
type Answer = Example["answers"][number];

/** Anything else in a results file (an address, an SVG with a script) is not shown. */
const embeddedPng = /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/;
const embedded = (uri: string | null | undefined): string | undefined =>
  uri && embeddedPng.test(uri) ? uri : undefined;

/** Single cases: each phase with the mask over it, and the answers against the truth. */
export function exampleCases(results: Results): FigureBlock | Absent {
  const { examples } = results;
  if (examples.length === 0) return { absent: "No example cases: the results hold none." };
  const masks = examples.some(({ mask }) => embedded(mask));
  return {
    title: `Example cases, multi-task model (n = ${examples.length})`,
    marks: marks(results),
    note: html`Axial slice of largest tumour area, patient’s right on the left.${
      masks && " Overlay: kidney blue, tumour orange, cyst light blue, as in the mask of the cohort."
    } Cases were chosen by rule, failures among them, as said above each. Threshold: as in the table of operating points.`,
    body: html`${
      masks &&
      html`<p class="toggle"><label><input type="checkbox" id="hide-masks"> Hide the overlay</label></p>`
    }
<div class="cases">${examples.map((example) => caseMarkup(results, example, imagesLabel(results)))}</div>`,
    drawing: examples.map(caseRow),
    data: {
      header: ["case", "centre", "chosen as", "task", "label", "probability", "threshold"],
      rows: examples.flatMap(({ case: id, center, caption, answers }) =>
        answers.map((a) => [id, center, caption, a.task, a.label ?? "", a.probability, a.threshold]),
      ),
    },
  };
}

/** `Case 17`; an id that says so by itself stands alone. */
const caseName = (id: string): string => (/^case/i.test(id) ? id : `Case ${id}`);

const side = 230;

/** A case's pictures, the overlay over each, for a file of its own. */
const caseRow = ({ case: id, images, mask }: Example): Row => ({
  panels: Object.entries(images).flatMap(([phase, uri]) => {
    const image = embedded(uri);
    return image
      ? [{ title: `${caseName(id)}, ${phase}`, picture: picture(`${caseName(id)}, ${phase}`, image, mask) }]
      : [];
  }),
});

function picture(name: string, image: string, mask: string | null): Picture {
  const layer = (uri: string) => html`<image href="${uri}" width="${side}" height="${side}"/>`;
  const overlay = embedded(mask);
  const drawn = html`<svg viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" role="img">${described(name, "Axial slice of largest tumour area.")}<rect width="${side}" height="${side}" fill="#000"/>${layer(image)}${overlay && layer(overlay)}</svg>`;
  return { ...drawn, width: side, height: side };
}

function caseMarkup(results: Results, example: Example, label?: string): Markup {
  const { case: id, center, caption, images, mask, answers } = example;
  const overlay = embedded(mask);
  const shown = Object.entries(images).flatMap(([phase, uri]) => {
    const image = embedded(uri);
    return image ? [{ phase, image }] : [];
  });
  const lost = Object.keys(images).length - shown.length;
  return html`<article class="case"><h3>${caseName(id)}, centre ${center} <span class="sub">${caption}</span></h3>
<div class="phases">${shown.map(
    ({ phase, image }) =>
      html`<div class="phase"><div class="slice"><img src="${image}" alt="${caseName(id)}, ${phase} phase${label && `, ${label}`}">${
        overlay && html`<img class="mask" src="${overlay}" alt="">`
      }</div><p>${phase}</p></div>`,
  )}</div>${lost > 0 && html`<p class="absent">${lost} picture(s) not shown: not an embedded PNG.</p>`}
${answers.length > 0 && answersTable(results, answers)}</article>`;
}

const answersTable = (results: Results, answers: readonly Answer[]): Markup => html`<table class="answers">
<thead><tr><th scope="col">Question</th><th scope="col">Answer</th><th scope="col" class="num">Probability</th><th scope="col">Truth</th></tr></thead>
<tbody>${answers.map((answer) => answerRow(results, answer))}</tbody></table>`;

function answerRow(results: Results, { task, label, probability, threshold }: Answer): Markup {
  const { title, positive, negative } = taskOf(results, task);
  const answered = probability >= threshold ? 1 : 0;
  const name = (value: 0 | 1) => (value === 1 ? positive : negative).words;
  return html`<tr><th scope="row">${title}</th><td>${name(answered)}</td><td class="num">${fixed(probability, 2)}<br><span class="sub">threshold ${fixed(threshold, 2)}</span></td><td>${
    label === null ? "unknown" : name(label)
  }${label !== null && (answered === label ? html` <span class="right">✓ right</span>` : html` <span class="wrong">✗ wrong</span>`)}</td></tr>`;
}
