import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup, type Part } from "../../page/html.ts";
import type { Block } from "../block.ts";
import { type Places, placeLink } from "../places.ts";

/** One item of a reporting guideline, and how far a report answers it by itself. */
export interface ChecklistItem {
  /** As the guideline numbers it: `12a`. */
  readonly number: string;
  readonly section: string;
  /** What it asks, in our words. */
  readonly asks: string;
  /** Ids of the places that answer it. None: nothing in the results can. */
  readonly at?: readonly string[];
  /** Whether these results hold what is asked; without it, the places being there suffices. */
  readonly holds?: (results: Results) => boolean;
  /** What authors must write where the results hold nothing. */
  readonly add: string | ((results: Results) => string);
  /** What authors must still write beside what the report tells; empty or absent: nothing. */
  readonly left?: string | ((results: Results) => string);
}

export interface Guideline {
  readonly name: string;
  readonly citation: string;
  readonly items: readonly ChecklistItem[];
}

export type Status = "answered" | "in part" | "to be added";

export interface Answer {
  readonly status: Status;
  /** Ids of places in the report. */
  readonly at: readonly string[];
  /** For the authors; empty where all is answered. */
  readonly add: string;
}

/** How far a report of these results answers an item. */
export function answer(item: ChecklistItem, results: Results, places: Places): Answer {
  const { at = [], holds = () => true, left = "", add } = item;
  const there = holds(results) ? at.filter((id) => places.has(id)) : [];
  if (there.length === 0) return { status: "to be added", at: [], add: told(add, results) };
  const rest = told(left, results);
  return { status: rest === "" ? "answered" : "in part", at: there, add: rest };
}

const told = (text: string | ((results: Results) => string), results: Results): string =>
  typeof text === "function" ? text(results) : text;

/** The guideline as a table: each item, what it asks, where the report answers or what a human must write. */
export function checklistTable(
  { name, citation, items }: Guideline,
  results: Results,
  places: Places,
): Block {
  const answers = items.map((item) => ({ item, ...answer(item, results, places) }));
  const count = (status: Status) => answers.filter((a) => a.status === status).length;
  const sections = [...Map.groupBy(answers, ({ item }) => item.section)];
  return {
    title: `${name}: where this report answers its ${items.length} items`,
    marks: [],
    note: html`Answered: ${count("answered")}; in part: ${count("in part")}; to be added: ${count("to be added")}. Items are in our words; the guideline’s own text decides. “Answered” says that the information is here, not that it is good. ${citation}`,
    body: html`<table class="checklist">
<thead><tr><th scope="col">Item</th><th scope="col">Asks for</th><th scope="col">Where it is, or what is missing</th></tr></thead>
${sections.map(
  ([section, rows]) => html`<tbody><tr><th scope="rowgroup" colspan="3">${section}</th></tr>
${rows.map(
  ({ item, status, at, add }) =>
    html`<tr><th scope="row">${item.number}</th><td>${item.asks}</td><td>${
      status !== "to be added" &&
      html`<span class="right">${status === "answered" ? "Answered" : "In part"}</span>: ${where(at, places)}. `
    }${add !== "" && html`<span class="wrong">To be added by the authors</span>: ${add}`}</td></tr>`,
)}</tbody>`,
)}
</table>`,
  };
}

const where = (at: readonly string[], places: Places): Part =>
  at
    .flatMap((id) => places.get(id) ?? [])
    .map((place, i): Markup => html`${i > 0 && ", "}${placeLink(place)}`);
