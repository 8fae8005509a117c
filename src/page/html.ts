/** Markup that is safe to insert as it stands: made by `html` from escaped parts, or by a figure's serialiser. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text and numbers are escaped, markup is not, lists are joined, nothing prints nothing. */
export type Part = string | number | Markup | readonly Part[] | null | undefined | false;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe for element content and quoted attribute values; control characters that HTML forbids are dropped. */
export const escapeHtml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, "")
    .replace(/[&<>"']/g, (c) => entities[c]);

/**
 * A template whose every inserted string is escaped. Safe in element content and in quoted attribute values only:
 * never insert into a tag's name, an unquoted attribute, a style or a script.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, s, i) => text + render(parts[i - 1]) + s) };
}

/** Trusts `markup` as it is: for serialised figures and the style sheet, never for anything out of a results file. */
export const trusted = (markup: string): Markup => ({ markup });

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(render).join("");
}
