import { html, type Markup } from "../../../page/html.ts";
import { dicomDay } from "../../../report/prediction/words.ts";
import type { Caller } from "../access/policy.ts";
import type { StudyLine, StudyPage, StudyQuery } from "../studies/listStudies.ts";
import { type StudyState, stateText, studyStates } from "../studies/states.ts";
import { frame } from "./frame.ts";
import { answersText, moment, patientOf, progressText, stateMark } from "./words.ts";

/** Words for what a worklist is sorted by. */
const sorts: readonly (readonly [StudyQuery["sort"], string])[] = [
  ["received", "time of receipt"],
  ["patient", "patient’s name"],
  ["date", "date of the study"],
];
const orders: readonly (readonly [StudyQuery["order"], string])[] = [
  ["desc", "descending"],
  ["asc", "ascending"],
];

/** The worklist: a form that asks, and the studies that were found. */
export function worklistPage(
  { studies, next }: StudyPage,
  asked: StudyQuery,
  counts: Readonly<Record<StudyState, number>>,
  now: Date,
  caller: Caller,
): string {
  const address = (own: Partial<Record<keyof StudyQuery, string | undefined>>) => {
    const { search, state, sort, order } = asked;
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({ search, state, sort, order, ...own }))
      if (value !== undefined && value !== "") parameters.set(name, value);
    return `/?${parameters}`;
  };
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return frame(
    "Worklist",
    html`<p class="kicker">Renal tumour CT</p>
<h1>Worklist</h1>`,
    html`<form class="ask" method="get" action="/" role="search">
<label class="wide">Patient’s name or ID, accession number, UID<input type="search" name="search" value="${asked.search}" maxlength="200"></label>
<label>State<select name="state">${option("", "all", asked.state ?? "")}${studyStates.map((state) => option(state, stateText(state), asked.state ?? ""))}</select></label>
<label>Sorted by<select name="sort">${sorts.map(([value, text]) => option(value, text, asked.sort))}</select></label>
<label>Order<select name="order">${orders.map(([value, text]) => option(value, text, asked.order))}</select></label>
<button>Show</button>
</form>
<nav aria-label="States"><ul class="states">
<li>${stateLink(address({ state: undefined }), html`all <span data-count="">${all}</span>`, asked.state === undefined)}</li>
${studyStates.map((state) => html`<li>${stateLink(address({ state }), html`${stateText(state)} <span data-count="${state}">${counts[state]}</span>`, asked.state === state)}</li>`)}
</ul></nav>
<p class="news" role="status"></p>
${studies.length === 0 ? html`<p class="empty">${all === 0 ? "No study has come in yet." : "No study is like this."}</p>` : table(studies)}
<nav class="pages" aria-label="Pages">${asked.after !== undefined && html`<a href="${address({})}">First page</a>`}${next !== undefined && html`<a href="${address({ after: next })}" rel="next">Next page</a>`}</nav>`,
    caller,
    {
      events: "/api/studies/events",
      after: now.getTime(),
      // Of a part of the studies nobody wonders what is not in it.
      ...(asked.search === "" && asked.state === undefined && asked.after === undefined && { all: "" }),
    },
  );
}

const option = (value: string, text: string, chosen: string): Markup =>
  value === chosen
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`;

const stateLink = (href: string, text: Markup, isCurrent: boolean): Markup =>
  isCurrent ? html`<a href="${href}" aria-current="true">${text}</a>` : html`<a href="${href}">${text}</a>`;

const table = (studies: readonly StudyLine[]): Markup => html`<div class="scroll"><table>
<caption>${studies.length} ${studies.length === 1 ? "study" : "studies"} on this page</caption>
<thead><tr><th scope="col">Patient</th><th scope="col">Study</th><th scope="col" class="num">Images</th><th scope="col">State</th><th scope="col">Answers</th><th scope="col">Received</th></tr></thead>
<tbody>
${studies.map(row)}
</tbody>
</table></div>`;

const row = (study: StudyLine): Markup => html`<tr data-study="${study.studyUid}">
<th scope="row"><a href="/studies/${study.studyUid}">${patientOf(study)}</a>${study.patientId !== "" && html`<span class="sub">${study.patientId}</span>`}</th>
<td data-name="Study">${study.studyDate !== "" ? dicomDay(study.studyDate) : "no date"}${study.description !== "" && html`<span class="sub">${study.description}</span>`}${study.accessionNumber !== "" && html`<span class="sub">${study.accessionNumber}</span>`}</td>
<td data-name="Images" class="num" data-live="images">${study.images}</td>
<td data-name="State">${stateMark(study.state)} <span class="sub" data-live="reason">${study.reasonCode}</span><span class="sub" data-live="progress">${progressText(study)}</span></td>
<td data-name="Answers">${answersText(study)}</td>
<td data-name="Received">${moment(study.receivedAt)}</td>
</tr>`;
