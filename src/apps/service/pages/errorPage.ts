import { html } from "../../../page/html.ts";
import { frame } from "./frame.ts";

/** What a browser shows where something cannot be done. */
export const errorPage = (code: string, message: string, hint: string): string =>
  frame(
    code,
    html`<p class="kicker"><a href="/">Worklist</a></p>
<h1>${code}</h1>`,
    html`<p>${message}${hint !== "" && ` — ${hint}`}</p>`,
  );
