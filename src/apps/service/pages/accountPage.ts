import { html, type Markup } from "../../../page/html.ts";
import { passwordLength } from "../access/password.ts";
import { type Caller, callerName } from "../access/policy.ts";
import { frame, toWorklist } from "./frame.ts";

/** One's own account. */
export const accountPage = (caller: Caller): string =>
  frame(
    "Your account",
    html`${toWorklist(caller)}
<h1>${callerName(caller)}</h1>`,
    html`<h2>Another password</h2>
<form class="narrow" method="post" action="/account/password">
<label>Password until now<input type="password" name="current" autocomplete="current-password" maxlength="200" required></label>
${newPassword("New password")}
<button>Change it and sign in again</button>
</form>`,
    caller,
  );

/** A field for a password that is to be. */
export const newPassword = (label: string): Markup =>
  html`<label>${label}, ${passwordLength.least} characters or more<input type="password" name="password" autocomplete="new-password" minlength="${passwordLength.least}" maxlength="${passwordLength.most}" required></label>`;
