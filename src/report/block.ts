import { html, type Markup, type Part } from "./html.ts";

/** A figure or table before it has its number. */
export interface Block {
  /** One phrase, ends without a full stop. */
  readonly title: string;
  /** What is shown, how it was computed, abbreviations. */
  readonly note: Part;
  /** Stand in the caption: `Painted phases, not real CT`. */
  readonly marks: readonly string[];
  readonly body: Markup;
}

/** Why a figure or table is not there. */
export interface Absent {
  readonly absent: string;
}

const marked = (marks: readonly string[]): Part =>
  marks.map((mark) => html` <span class="mark">${mark}</span>`);

/** Numbers figures and tables in the order in which they are printed. */
export function numbering(): {
  figure(id: string, content: Block | Absent): Markup;
  table(id: string, content: Block | Absent): Markup;
} {
  let figures = 0;
  let tables = 0;
  const line = ({ absent }: Absent) => html`<p class="absent">${absent}</p>`;
  return {
    figure: (id, content) => {
      if ("absent" in content) return line(content);
      figures++;
      return html`
<figure id="${id}">
${content.body}
<figcaption><b>Figure ${figures}.</b> ${content.title}.${marked(content.marks)} <span class="note">${content.note}</span></figcaption>
</figure>`;
    },
    table: (id, content) => {
      if ("absent" in content) return line(content);
      tables++;
      return html`
<figure class="table" id="${id}">
<figcaption id="${id}-caption"><b>Table ${tables}.</b> ${content.title}.${marked(content.marks)}</figcaption>
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
${content.body}
</div>
<p class="note">${content.note}</p>
</figure>`;
    },
  };
}
