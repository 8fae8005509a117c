import type { PredictedAnswer, Prediction } from "../../evidence/predict/prediction.ts";
import { expertOwners, shared } from "../../learning/model/gates.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import { ownerFill } from "../../page/palette.ts";
import { listed, percent } from "../numbers.ts";

/** How each task's gates mixed the experts for this patient: a bar a level, a segment an expert. */
export function gatesMarkup({ answers, model }: Prediction): Part {
  const gated = answers.filter(({ gates }) => gates.length > 0);
  return html`<section class="gates" aria-labelledby="gates">
<h2 id="gates">How the experts were mixed</h2>
${
  gated.length === 0
    ? html`<p class="absent">The model has no gates.</p>`
    : html`<p class="small">Gate weights, %: the task’s own experts first, in its colour; then the shared ones, grey.</p>${gated.map((answer) => bars(answer, model.tasks))}`
}
</section>`;
}

const bars = ({ task, gates }: PredictedAnswer, tasks: readonly string[]): Part =>
  gates.map(({ level, experts, weights }) => {
    const spoken = listed(experts.map((expert, e) => `${expert} ${percent(weights[e])}`));
    const name = `${task}, level ${level}`;
    const owners = expertOwners([...tasks, shared], experts);
    return html`<div class="gate"><span>${name}</span><div class="stack" role="img" aria-label="${name}: ${spoken}">${owners.map(
      (owner, e) => segment(ownerFill(owner, tasks), weights[e]),
    )}</div></div>`;
  });

function segment([fill, ink]: ReturnType<typeof ownerFill>, weight: number): Markup {
  return html`<span style="width:${(100 * weight).toFixed(2)}%;background:${fill};color:${ink}">${weight >= 0.12 && (100 * weight).toFixed(0)}</span>`;
}
