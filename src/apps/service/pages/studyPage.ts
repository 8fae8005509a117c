import { html, type Markup } from "../../../page/html.ts";
import { predictionFiles } from "../../../report/prediction/predictionFiles.ts";
import { dicomDay } from "../../../report/prediction/words.ts";
import { type Caller, may } from "../access/policy.ts";
import { mayCancel, mayRetry } from "../studies/change.ts";
import type { StudyDetail } from "../studies/findStudy.ts";
import { stateMeaning, stateText } from "../studies/states.ts";
import { deliveriesTable } from "./deliveriesTable.ts";
import { frame } from "./frame.ts";
import { action, answersText, moment, patientOf, progressText, stateMark } from "./words.ts";

const fileTexts: Readonly<Record<string, string>> = {
  [predictionFiles.page]: "report, as a page",
  [predictionFiles.report]: "report, as DICOM Structured Report",
  [predictionFiles.segmentation]: "outlines, as DICOM Segmentation",
  [predictionFiles.picture]: "report, as a DICOM picture",
  [predictionFiles.fhir]: "report, in FHIR",
  [predictionFiles.json]: "all of it, for programs",
};

/** One study: how far it is, what was found, what happened, and what can be done. */
export function studyPage(study: StudyDetail, caller: Caller): string {
  const mayChange = may(caller, "change studies");
  const { studyUid, state, reason, reasonCode, result } = study;
  const base = `/studies/${studyUid}`;
  return frame(
    patientOf(study),
    html`<p class="kicker"><a href="/">Worklist</a></p>
<h1>${patientOf(study)}${study.patientId !== "" && html` <span class="who">${study.patientId}</span>`}</h1>`,
    html`<p class="news" role="status"></p>
<dl>
<dt>State</dt><dd>${stateMark(state)} <span data-live="meaning">${stateMeaning[state]}</span> <span class="muted" data-live="progress">${progressText(study)}</span>${reason && html` <strong>${reasonCode}: ${reason}</strong>`}</dd>
<dt>Study</dt><dd>${study.studyDate !== "" ? dicomDay(study.studyDate) : "no date"}${study.description !== "" && ` · ${study.description}`}</dd>
${study.accessionNumber !== "" && html`<dt>Accession number</dt><dd>${study.accessionNumber}</dd>`}
<dt>Images</dt><dd data-live="images">${study.images}</dd>
<dt>Received</dt><dd>${moment(study.receivedAt)}</dd>
<dt>Last change</dt><dd>${moment(study.changedAt)}</dd>
<dt>Study UID</dt><dd>${studyUid}</dd>
</dl>
<div class="actions">
${mayChange && mayRetry.includes(state) && action(`${base}/retry`, state === "waiting" ? "Read now" : "Read again")}
${mayChange && mayCancel.includes(state) && action(`${base}/cancel`, "Cancel")}
</div>
${result && resultSection(study, result, base)}
${
  study.deliveries.length > 0 &&
  html`<section aria-labelledby="deliveries">
<h2 id="deliveries">Sent to</h2>
${deliveriesTable(study.deliveries, "study", caller)}
</section>`
}
${seriesSection(study)}
${eventsSection(study)}`,
    caller,
    { events: `/api${base}/events`, state },
  );
}

function resultSection(study: StudyDetail, result: NonNullable<StudyDetail["result"]>, base: string): Markup {
  const { answeredAt, images, files, modelSha256 } = result;
  const isOlder = images !== study.images || study.state !== "answered";
  return html`<section aria-labelledby="result">
<h2 id="result">Result</h2>
${isOlder && html`<p class="banner" role="note">This result is an earlier one, of ${images} of the ${study.images} images that the study has now.</p>`}
<p>${answersText(study)}</p>
<p class="muted">Of ${moment(answeredAt)}, by the model with SHA-256 ${modelSha256.slice(0, 12)}…</p>
<ul>${files.map(({ name, bytes }) => html`<li><a href="${base}/files/${name}">${fileTexts[name] ?? name}</a> <span class="muted">${name}, ${Math.ceil(bytes / 1000)} kB</span></li>`)}</ul>
${files.some(({ name }) => name === predictionFiles.page) && html`<iframe src="${base}/files/${predictionFiles.page}" title="Report of the study" loading="lazy"></iframe>`}
</section>`;
}

const seriesSection = ({ series }: StudyDetail): Markup => html`<section aria-labelledby="series">
<h2 id="series">Series</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Number</th><th scope="col">Modality</th><th scope="col">Description</th><th scope="col" class="num">Images</th></tr></thead>
<tbody>${series.map(
  ({ number, modality, description, images }) => html`<tr>
<th scope="row">${number ?? "–"}</th><td data-name="Modality">${modality ?? "–"}</td><td data-name="Description">${description ?? "–"}</td><td data-name="Images" class="num">${images}</td>
</tr>`,
)}</tbody>
</table></div>
</section>`;

const eventsSection = ({ events }: StudyDetail): Markup => html`<section aria-labelledby="events">
<h2 id="events">What happened</h2>
<div class="scroll"><table>
<caption>The latest first</caption>
<thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Details</th></tr></thead>
<tbody>${events.map(
  ({ at, kind, code, detail }) => html`<tr>
<th scope="row">${moment(at)}</th><td data-name="What">${stateText(kind)}</td><td data-name="Details">${[code, detail].filter(Boolean).join(": ")}</td>
</tr>`,
)}</tbody>
</table></div>
</section>`;
