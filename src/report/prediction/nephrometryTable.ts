import { maskOrigin, type Prediction } from "../../evidence/predict/prediction.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import { definitions } from "../../patients/cohort/tasks.ts";
import { fixed, listed, percent } from "../numbers.ts";
import { capital } from "./words.ts";

type Nephrometry = Prediction["nephrometry"];
type Margin = Nephrometry["renal"]["R"]["margin"];

/** Size and scores measured on the mask, R.E.N.A.L. beside the predicted complexity. */
export function nephrometryMarkup(prediction: Prediction): Markup {
  const { nephrometry, tumor } = prediction;
  const { renal, padua, c_index, contact_area_cm2, sinus_source, caveats } = nephrometry;
  return html`<section class="nephrometry" aria-labelledby="nephrometry">
<h2 id="nephrometry">Measured on the mask</h2>
<p><b>${capital(tumor.side)} kidney, ${mm(tumor.maximalDiameterMm)}, ${fixed(tumor.volumeMl, 1)} mL.</b> Mask: ${maskOrigin(tumor)}.</p>
${agreement(prediction)}
<table>
<caption>R.E.N.A.L. ${renal.total}${renal.suffix}, ${renal.complexity} complexity</caption>
<thead><tr><th scope="col">Component</th><th scope="col">Measured</th><th scope="col" class="num">Points</th></tr></thead>
<tbody>${components(nephrometry).map(
    ({ name, value, points, margin }) =>
      html`<tr><th scope="row">${name}</th><td>${value}${margin?.borderline && html` <span class="flag">${near(margin)}</span>`}</td><td class="num">${points}</td></tr>`,
  )}</tbody></table>
<p class="small"><b>PADUA ${padua.total}</b> (${padua.complexity}): location ${padua.location.points}, exophytic rate ${padua.exophytic.points}, rim ${padua.rim.points}, sinus ${padua.sinus.points}, collecting system ${padua.collecting_system.points}, size ${padua.size.points}. <b>C-index ${fixed(c_index, 1)}.</b> Contact with the kidney ${fixed(contact_area_cm2, 1)} cm². ${sinusText[sinus_source]}; contact with the main renal vessels (h) is not known.${caveats.length > 0 && ` Note: ${caveats.map((text) => text.replace(/\.$/, "")).join("; ")}.`}</p>
</section>`;
}

const sinusText = {
  mask: "Sinus and collecting system are estimated from the outlines alone",
  ct: "The sinus is fat found in the CT",
  labels: "Sinus and collecting system are as drawn in the mask",
} as const;

const mm = (value: number | null): string => (value === null ? "no sinus found" : `${fixed(value, 1)} mm`);

/** `0.2 mm from 1 point` */
const near = ({ by, unit, points }: NonNullable<Margin>): string =>
  `${unit === "mm" ? `${fixed(by, 1)} mm` : percent(by)} from ${points} point${points === 1 ? "" : "s"}`;

const faces = { a: "anterior", p: "posterior", x: "neither" } as const;

function components({ renal: { R, E, N, A, L, suffix } }: Nephrometry) {
  const place = L.crosses_midline
    ? "across the midline"
    : `${percent(L.fraction_between_polar_lines)} between the polar lines`;
  return [
    { name: "R, radius", value: mm(R.mm), points: R.points, margin: R.margin },
    {
      name: "E, exophytic",
      value: `${percent(1 - E.endophytic_fraction)} outside the kidney`,
      points: E.points,
      margin: E.margin,
    },
    { name: "N, nearness", value: mm(N.mm), points: N.points, margin: N.margin },
    {
      name: "A, face",
      value: `${faces[suffix]} (${fixed(Math.abs(A.mm), 0)} mm ${A.mm < 0 ? "before" : "behind"} centre)`,
      points: suffix,
      margin: undefined,
    },
    {
      name: "L, location",
      value: L.polar_lines_found ? place : "polar lines not found",
      points: L.points,
      margin: L.margin,
    },
  ];
}

/** Whether the network's complexity is that of the measured score. */
function agreement({ answers, nephrometry: { renal } }: Prediction): Part {
  const answer = answers.find(({ task }) => task === "complexity");
  if (!answer) return html`<p>The model does not answer for complexity.</p>`;
  const agree = (answer.decision === definitions.complexity.positive.words) === (renal.complexity === "high");
  const { R, E, N, L } = renal;
  const unsure = Object.entries({ R, E, N, L }).flatMap(([name, { margin }]) =>
    margin?.borderline ? [name] : [],
  );
  return html`<p class="agreement ${agree ? "agree" : "disagree"}"><b>${agree ? "✓ Agree" : "✗ Disagree"}:</b> measured ${renal.complexity} (R.E.N.A.L. ${renal.total}), predicted ${answer.decision}${answer.borderline && ", near the threshold"}.${
    !agree && ` Check the mask${unsure.length > 0 ? ` and the borderline ${listed(unsure)}` : ""}.`
  }</p>`;
}
