import { html } from "../../../page/html.ts";
import type { Caller } from "../access/policy.ts";
import { frame, toWorklist } from "./frame.ts";

/** What a browser shows where something cannot be done. */
export const errorPage = (code: string, message: string, hint: string, caller: Caller): string =>
  frame(
    code,
    html`${toWorklist(caller)}
<h1>${code}</h1>`,
    html`<p>${message}${hint !== "" && ` — ${hint}`}</p>`,
    caller,
  );
