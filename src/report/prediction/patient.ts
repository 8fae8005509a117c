import type { Prediction } from "../../evidence/predict/prediction.ts";
import { html, type Markup } from "../../page/html.ts";
import { dicomAge, dicomDay, dicomSex, personName } from "./words.ts";

/** The page's title: who, or which study where nobody is named. */
export const patientTitle = ({ patient, study }: Prediction): string =>
  patient.name
    ? personName(patient.name)
    : patient.id
      ? `Patient ${patient.id}`
      : (study.description ?? "Study without a patient’s name");

/** Whose study, when, read by what; then what the result may be used for. */
export function patientMarkup(prediction: Prediction): Markup {
  const { patient, study, model, researchUse } = prediction;
  const known = [
    patient.id && `ID ${patient.id}`,
    patient.sex && dicomSex(patient.sex),
    patient.age && dicomAge(patient.age),
    patient.birthDate && `born ${dicomDay(patient.birthDate)}`,
  ].filter(Boolean);
  const [date, ...about] = [
    study.date ? `Study of ${dicomDay(study.date)}` : "Study of unknown date",
    study.description,
    `read by the ${model.kind === "mtdl" ? "multi-task" : "single-task"} model of centre ${model.center} (${model.sha256.slice(0, 8)})`,
  ].filter((text) => text !== undefined);
  return html`<header>
<p class="kicker">Renal tumour CT · report of one patient</p>
<h1>${patientTitle(prediction)}${known.length > 0 && html` <span class="who">${known.join(" · ")}</span>`}</h1>
<p class="byline"><b>${date}</b>${about.map((text) => ` · ${text}`)}</p>
<p class="banner" role="note"><span aria-hidden="true">⚠ </span><strong>${researchUse}</strong></p>
</header>`;
}
