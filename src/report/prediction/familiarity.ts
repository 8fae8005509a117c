import type { Prediction } from "../../evidence/predict/prediction.ts";
import { html, type Markup } from "../../page/html.ts";
import { percent } from "../numbers.ts";
import { unbroken } from "./words.ts";

/** How like the training cases this one is, in words. */
export function familiarityMarkup({ familiarity }: Prediction): Markup {
  return html`<section class="familiarity" aria-labelledby="familiarity">
<h2 id="familiarity">How like the training cases</h2>
${familiarity ? words(familiarity) : html`<p class="absent">Unknown: the model keeps no record of its training cases.</p>`}
</section>`;
}

function words({ nearer, validationCases, unlike, unusual }: NonNullable<Prediction["familiarity"]>): Markup {
  const place = unlike
    ? html`<b>Unlike them.</b> All ${validationCases} validation cases lie nearer to the training cases than this one.`
    : html`<b>${nearer <= 0.9 ? "Like them." : "At the edge of what it learnt from."}</b> ${percent(nearer)} of the ${validationCases} validation cases lie nearer to the training cases than this one, ${percent(1 - nearer)} as far or farther.`;
  return html`<p>${place}</p>${
    unusual.length > 0
      ? html`<ul>${unusual.map((line) => html`<li>${unbroken(line)}</li>`)}</ul>`
      : html`<p>Every measurement lies within 98 % of the training cases.</p>`
  }`;
}
