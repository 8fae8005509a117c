import { html, type Markup } from "../../../page/html.ts";
import { personName } from "../../../report/prediction/words.ts";
import type { StudyLine } from "../studies/listStudies.ts";
import { type StudyState, stateText } from "../studies/states.ts";

/** Who a study is of, where it says so. */
export const patientOf = ({
  patientName,
  patientId,
}: Pick<StudyLine, "patientName" | "patientId">): string =>
  patientName !== ""
    ? personName(patientName)
    : patientId !== ""
      ? `Patient ${patientId}`
      : "Unnamed patient";

/** A moment as people write it, with what machines read. */
export const moment = (at: Date): Markup =>
  html`<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace("T", " ")} UTC</time>`;

export const stateMark = (state: StudyState): Markup =>
  html`<span class="state ${state.replace(" ", "-")}" data-live="state">${stateText(state)}</span>`;

/** How far the reading of a study has come; empty where it is not read now. */
export const progressText = ({ progress }: Pick<StudyLine, "progress">): string =>
  progress
    ? `${progress.step}${progress.fraction > 0 ? `, ${Math.round(100 * progress.fraction)} %` : ""}`
    : "";

/** A form of one button. @param about what else tells it from the others, where it is read aloud */
export const action = (to: string, text: string, about = ""): Markup =>
  html`<form method="post" action="${to}"><button>${text}${about !== "" && html`<span class="unseen"> ${about}</span>`}</button></form>`;

/** Decisions with their probabilities: `clear cell 0.87`. */
export const answersText = ({ answers, modelSources }: Pick<StudyLine, "answers" | "modelSources">): Markup =>
  html`${simulated(modelSources) && html`<span class="sub flag">model trained on ${simulated(modelSources)} images: its answers to a patient mean nothing</span>`}${(
    answers ?? []
  ).map(
    ({ decision, probability, borderline }) =>
      html`<span class="sub">${decision} (${probability.toFixed(2)}${borderline && html`, <span class="flag">near the threshold</span>`})</span>`,
  )}`;

/** Kinds of training images that were simulated; empty where all were real. */
const simulated = (sources: StudyLine["modelSources"]): string =>
  (sources ?? []).filter((source) => source !== "real").join(" and ");
