import {
  maskOrigin,
  type Prediction,
  type WarningSubject,
  warningsIn,
} from "../../evidence/predict/prediction.ts";
import { html, type Markup } from "../../page/html.ts";
import {
  grownSources,
  type MaskSource,
  notRegistered,
  outlinedSource,
} from "../../patients/study/assembled.ts";
import { percent } from "../numbers.ts";
import { unbroken } from "./words.ts";

export interface Warning {
  readonly title: string;
  readonly text: string;
}

interface Kind {
  readonly title: string;
  readonly about: WarningSubject;
  /** What to say where the prediction shows it and no warning is about it. */
  readonly unsaid: (prediction: Prediction) => readonly string[];
}

/** Phases taken with less certainty are in doubt. */
const certain = 0.8;

const grown: ReadonlySet<MaskSource> = new Set(grownSources);

/** Gravest first. */
const kinds: readonly Kind[] = [
  {
    title: "Not trained on real CT",
    about: "training images",
    unsaid: ({ model: { sources = [] } }) =>
      sources.some((source) => source !== "real")
        ? ["The model was trained on simulated images: its answers to a patient mean nothing."]
        : [],
  },
  {
    title: "Unlike the training cases",
    about: "familiarity",
    unsaid: ({ familiarity }) =>
      familiarity?.unlike ? ["No validation case is this unlike the training cases: extrapolation."] : [],
  },
  {
    title: "Phase missing",
    about: "missing phase",
    unsaid: ({ missingPhases }) => missingPhases.map((phase) => `No ${phase} phase was found.`),
  },
  {
    title: "Phase in doubt",
    about: "doubtful phase",
    unsaid: ({ phases }) =>
      phases.flatMap(({ phase, confidence }) =>
        confidence !== undefined && confidence < certain
          ? [`That this series is the ${phase} phase is ${percent(confidence)} sure.`]
          : [],
      ),
  },
  {
    title: "Phase not registered",
    about: "registration",
    unsaid: ({ phases }) =>
      phases.flatMap(({ phase, alignment }) =>
        alignment && notRegistered(alignment) ? [`${phase}: ${alignment.remark}`] : [],
      ),
  },
  {
    title: "Mask grown, not drawn",
    about: "grown mask",
    unsaid: ({ tumor: { maskSource } }) =>
      grown.has(maskSource) ? [`The mask was ${maskSource}: check its outline.`] : [],
  },
  {
    title: "Mask outlined by a program, not drawn",
    about: "outlined mask",
    unsaid: ({ tumor }) =>
      tumor.maskSource === outlinedSource ? [`The mask was ${maskOrigin(tumor)}: check its outline.`] : [],
  },
];

/** Every warning once, under what it is about, gravest first. */
export function warningsOf(prediction: Prediction): Warning[] {
  const said = new Map(warningsIn(prediction).map(({ about, text }) => [text, about]));
  for (const remark of prediction.tumor.remarks) if (!said.has(remark)) said.set(remark, undefined);
  const known = kinds.flatMap(({ title, about, unsaid }) => {
    const own = [...said].flatMap(([text, subject]) => (subject === about ? [text] : []));
    return (own.length > 0 ? own : unsaid(prediction)).map((text): Warning => ({ title, text }));
  });
  const others = [...said].filter(([, subject]) => !kinds.some(({ about }) => about === subject));
  return [...known, ...others.map(([text]): Warning => ({ title: "Note", text }))];
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
