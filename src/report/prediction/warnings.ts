import type { Prediction } from "../../evidence/predict/prediction.ts";
import { html, type Markup } from "../../page/html.ts";
import { percent } from "../numbers.ts";
import { unbroken } from "./words.ts";

export interface Warning {
  readonly title: string;
  readonly text: string;
}

interface Kind {
  readonly title: string;
  /** Recognises the line of `warnings` that says so. */
  readonly said: RegExp;
  /** What to say where the prediction shows it and no line says so. */
  readonly unsaid: (prediction: Prediction) => readonly string[];
}

/** Phases taken with less certainty are in doubt. */
const certain = 0.8;

/** Gravest first. */
const kinds: readonly Kind[] = [
  {
    title: "Not trained on real CT",
    said: /^The model was trained on (painted|procedural)/,
    unsaid: ({ model: { sources = [] } }) =>
      sources.some((source) => source !== "real")
        ? ["The model was trained on simulated images: its answers to a patient mean nothing."]
        : [],
  },
  {
    title: "Unlike the training cases",
    said: /unlike all/,
    unsaid: ({ familiarity }) =>
      familiarity?.unlike ? ["No validation case is this unlike the training cases: extrapolation."] : [],
  },
  {
    title: "Phase missing",
    said: /^No \w+ phase/,
    unsaid: ({ missingPhases }) => missingPhases.map((phase) => `No ${phase} phase was found.`),
  },
  {
    title: "Phase in doubt",
    said: /is taken for/,
    unsaid: ({ phases }) =>
      phases.flatMap(({ phase, confidence }) =>
        confidence !== undefined && confidence < certain
          ? [`That this series is the ${phase} phase is ${percent(confidence)} sure.`]
          : [],
      ),
  },
  {
    title: "Phase not registered",
    said: /not registered/,
    unsaid: ({ phases }) =>
      phases.flatMap(({ phase, alignment }) =>
        alignment && !alignment.used && !alignment.remark.startsWith("no better")
          ? [`${phase}: ${alignment.remark}`]
          : [],
      ),
  },
  {
    title: "Mask grown, not drawn",
    said: /grown from the image/,
    unsaid: ({ tumor: { maskSource } }) =>
      maskSource.startsWith("grown") ? [`The mask was ${maskSource}: check its outline.`] : [],
  },
];

/** Every warning once, under what it is about, gravest first. */
export function warningsOf(prediction: Prediction): Warning[] {
  const lines = [...new Set([...prediction.warnings, ...prediction.tumor.remarks])];
  const known = kinds.flatMap(({ title, said, unsaid }) => {
    const own = lines.filter((line) => said.test(line));
    return (own.length > 0 ? own : unsaid(prediction)).map((text): Warning => ({ title, text }));
  });
  const others = lines.filter((line) => !kinds.some(({ said }) => said.test(line)));
  return [...known, ...others.map((text): Warning => ({ title: "Note", text }))];
}

export function warningsMarkup(prediction: Prediction): Markup {
  const warnings = warningsOf(prediction);
  if (warnings.length === 0) return html`<p class="none">No warnings about this study.</p>`;
  const n = warnings.length;
  return html`<section class="warnings" aria-labelledby="warnings">
<h2 id="warnings"><span aria-hidden="true">⚠ </span>${n} warning${n > 1 && "s"} on this result</h2>
<ul>${warnings.map(({ title, text }) => html`<li><strong>${title}.</strong> ${unbroken(text)}</li>`)}</ul>
</section>`;
}
