import { html, type Markup, type Part } from "../page/html.ts";
import type { Block } from "./block.ts";
import type { Item, Place, Places } from "./places.ts";

const marked = (marks: readonly string[]): Part =>
  marks.map((mark) => html` <span class="mark">${mark}</span>`);

/** An item as it is printed: with its number and caption, or the line that says why it is not there. */
export function itemMarkup(item: Item, places: Places): Markup {
  if (item.kind === "text") return item.content;
  const content = typeof item.content === "function" ? item.content(places) : item.content;
  const place = places.get(item.id);
  if ("absent" in content || place === undefined)
    return html`<p class="absent">${"absent" in content ? content.absent : ""}</p>`;
  return item.kind === "figure" ? figure(place, content) : table(place, content);
}

const figure = ({ id, label }: Place, { title, note, marks, body }: Block): Markup => html`
<figure id="${id}">
${body}
<figcaption><b>${label}.</b> ${title}.${marked(marks)} <span class="note">${note}</span></figcaption>
</figure>`;

/** The region scrolls sideways where the page is narrow, and takes the focus so that keys scroll it. */
const table = ({ id, label }: Place, { title, note, marks, body }: Block): Markup => html`
<figure class="table" id="${id}">
<figcaption id="${id}-caption"><b>${label}.</b> ${title}.${marked(marks)}</figcaption>
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
${body}
</div>
<p class="note">${note}</p>
</figure>`;
