import { percent } from "../../evidence/predict/documents/conclusion.ts";
import {
  type PredictedAnswer,
  type Prediction,
  tasksOfPrediction,
} from "../../evidence/predict/prediction.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { taskNamed } from "../../patients/cohort/tasks.ts";
import { area, fixed } from "../numbers.ts";
import { capital } from "./words.ts";

/** The answers, each with what it rests on. */
export const answersMarkup = ({
  answers,
  model,
}: Prediction): Markup => html`<section class="answers" aria-labelledby="answers">
<h2 id="answers">The model’s answers</h2>
<div class="cards">${answers.map((answer) => card(answer, taskNamed(tasksOfPrediction({ model }), answer.task)))}</div>
</section>`;

/** Five parts, so that those of neighbouring cards stand on one line. */
function card(answer: PredictedAnswer, task: TaskDefinition): Markup {
  const { decision, borderline, validationAuc } = answer;
  return html`<article class="card">
<h3>${task.title}</h3>
<p class="decision">${capital(decision)}${
    borderline && html` <span class="flag">borderline: near the threshold</span>`
  }</p>
${scale(answer, task)}
<p class="small">Calibrated probability; AUC on validation cases ${validationAuc === undefined ? "not recorded" : area(validationAuc)}.</p>
${reasonsMarkup(answer, task)}
</article>`;
}

/** The probability on a line from 0 to 100 %, the threshold marked; `translate` keeps labels within its ends. */
function scale(
  { positive, negative, probability, threshold }: PredictedAnswer,
  task: TaskDefinition,
): Markup {
  const place = (share: number) => `left:${(100 * share).toFixed(1)}%`;
  const label = (share: number) => `${place(share)};transform:translateX(-${(100 * share).toFixed(1)}%)`;
  const spoken = `Probability of ${positive} ${percent(probability)} on a scale from 0 to 100 %; threshold ${percent(threshold)}: below it ${negative}.`;
  return html`<div class="scale" role="img" aria-label="${spoken}">
<span class="value" style="${label(probability)}">${percent(probability)}</span>
<div class="track"><span class="above" style="${place(threshold)}"></span><span class="tick" style="${place(threshold)}"></span><span class="dot" style="${place(probability)}"></span></div>
<span class="limit" style="${label(threshold)}">threshold ${percent(threshold)}</span>
<div class="ends"><span>0 % ${task.negative.short}</span><span>${task.positive.short} 100 %</span></div>
</div>`;
}

interface Reason {
  readonly name: string;
  readonly value?: string | undefined;
  readonly logit: number;
}

function reasonsMarkup({ reasons }: PredictedAnswer, task: TaskDefinition): Part {
  if (!reasons) return html`<p class="absent">What moved this answer was not computed.</p>`;
  const all: readonly Reason[] = [
    ...reasons.features,
    { name: "what the network learnt from the images", logit: reasons.learnt },
    // A model that measures nothing has no others.
    ...(reasons.features.length > 0 ? [{ name: "all other measurements", logit: reasons.rest }] : []),
  ];
  const largest = Math.max(...all.map(({ logit }) => Math.abs(logit)), Number.MIN_VALUE);
  const positive = task.positive.short;
  const groups = [
    { key: "up", words: `▲ towards ${positive}`, rows: all.filter(({ logit }) => logit >= 0) },
    { key: "down", words: `▼ away from ${positive}`, rows: all.filter(({ logit }) => logit < 0) },
  ];
  return html`<table class="reasons">
<caption>What moved it, against an average training case (logit)</caption>
${groups.map(
  ({ key, words, rows }) =>
    rows.length > 0 &&
    html`<tbody><tr><th scope="rowgroup" colspan="2">${words}</th></tr>${rows.map((row) => reasonRow(row, key, largest))}</tbody>`,
)}</table>`;
}

const reasonRow = ({ name, value, logit }: Reason, key: string, largest: number): Markup =>
  html`<tr><th scope="row">${capital(name)}${value !== undefined && html` <b>${value}</b>`}</th><td class="num">${logit > 0 && "+"}${fixed(logit, 2)}<i class="${key}" style="width:${((100 * Math.abs(logit)) / largest).toFixed(1)}%" aria-hidden="true"></i></td></tr>`;
