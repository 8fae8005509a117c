import { createHash } from "node:crypto";
import { html, type Markup, trusted } from "../../../page/html.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { namesOf } from "../../../patients/cohort/tasks.ts";
import type { ReadingForm, Scale } from "./form.ts";
import { formColumns } from "./formCsv.ts";
import { type FormData, page } from "./page.ts";
import { pageStyle } from "./pageStyle.ts";

/** Meaning of the five levels, for the positive answer. */
const levels = ["definitely not", "probably not", "unsure", "probably", "definitely"];

/**
 * One reader's session as one HTML file: nothing loaded from outside (its content security policy allows none), the
 * answers kept in the browser until the reader downloads them as the CSV file that `collectReadings` reads.
 * @param file name of that CSV file, without its ending
 */
export function formHtml(form: ReadingForm, file: string): string {
  const aided = form.rows.some((r) => r.aided);
  const tasks = namesOf(form.tasks);
  const data: FormData = {
    study: form.study,
    reader: form.reader,
    experience: form.experience,
    session: form.session,
    scale: form.scale,
    tasks,
    aided,
    rows: form.rows,
    header: [...formColumns, ...(aided ? tasks.map((task) => `model_${task}`) : []), ...tasks],
    file,
  };
  const script = `(${page.toString()})();`;
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src ${hash(pageStyle)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  const title = `Reading form: ${form.reader}${form.sessions > 1 ? `, session ${form.session} of ${form.sessions}` : ""}`;
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Read each case in your own viewer and give your answers here. They stay in this browser until you download them. ${cutoff(form.scale)}${
    aided ? " Your answer without the model’s is fixed once you have seen the model’s." : ""
  }</p>
<label for="progress" id="done"></label>
<progress id="progress" value="0"></progress>
</header>
<main>
<form id="reading" autocomplete="off" novalidate>
<h2 id="title" tabindex="-1"></h2>
<p class="mode" id="mode"></p>
<p id="locked" hidden>Fixed: you have seen the model’s answer to this case.</p>
${form.tasks.map((task) => questionMarkup(task, form.scale))}
<div class="moves">
<button type="button" id="previous">Previous</button>
<button type="submit" id="next">Next</button>
</div>
</form>
<p><label for="cases">Go to case</label> <select id="cases"></select></p>
<p><button type="button" id="download">Download the answers (CSV)</button></p>
<p class="status" id="status" role="status"></p>
</main>
<footer>Study ${form.study}. Enter goes to the next case; arrow keys move the answer. Research use only.</footer>
<script type="application/json" id="form">${trusted(JSON.stringify(data).replaceAll("<", "\\u003c"))}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.markup;
}

const cutoff = (scale: Scale): string =>
  scale === "five" ? "Levels 4 and 5 count as a yes." : "50 and above counts as a yes.";

function questionMarkup({ name: task, title, question, positive }: TaskDefinition, scale: Scale): Markup {
  return html`<fieldset>
<legend>${title}</legend>
<p class="question" id="${task}-question">${question}</p>
<p class="model" id="model-${task}" hidden>Model: <b id="model-${task}-value"></b> probability of ${positive.words}</p>
${scale === "five" ? five(task) : percent(task, positive.words)}
<p class="state" id="${task}-state"></p>
</fieldset>
`;
}

const percent = (task: string, positive: string): Markup => html`<div class="percent">
<input type="range" id="${task}-slider" min="0" max="100" step="1" aria-labelledby="${task}-question" aria-describedby="${task}-state">
<input type="number" id="${task}-number" min="0" max="100" step="1" inputmode="decimal" aria-labelledby="${task}-question" aria-describedby="${task}-state">
<div class="ends"><span>0: surely not</span><span>100: surely ${positive}</span></div>
</div>`;

const five = (task: string): Markup =>
  html`<div class="five">${levels.map(
    (level, i) =>
      html`<label><input type="radio" name="${task}" id="${task}-${i + 1}" value="${i + 1}"><span>${i + 1} ${level}</span></label>`,
  )}</div>`;
