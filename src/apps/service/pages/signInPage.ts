import type { TrinephronError } from "../../../base/errors.ts";
import { html } from "../../../page/html.ts";
import { nobody } from "../access/policy.ts";
import { frame } from "./frame.ts";

export interface SignInQuestion {
  /** Where to go then. */
  readonly next: string;
  /** As it was written before. */
  readonly name?: string;
  /** One of OpenID Connect that signs people in as well. */
  readonly provider?: string | undefined;
  readonly error?: Pick<TrinephronError, "code" | "message" | "hint">;
}

/** Asks who somebody is. */
export const signInPage = ({ next, name = "", error, provider }: SignInQuestion): string =>
  frame(
    "Sign in",
    html`<p class="kicker">Renal tumour CT</p>
<h1>Sign in</h1>`,
    html`${error && html`<p class="banner" role="alert">${error.code}: ${error.message} — ${error.hint}</p>`}
${provider !== undefined && html`<p><a class="button" href="/signin/oidc?${new URLSearchParams({ next }).toString()}">Sign in by ${provider}</a></p>`}
<form class="narrow" method="post" action="/signin">
<label>Name<input name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required ${name === "" && autofocus}></label>
<label>Password<input type="password" name="password" autocomplete="current-password" maxlength="200" required ${name !== "" && autofocus}></label>
<input type="hidden" name="next" value="${next}">
<button>Sign in</button>
</form>
<p class="muted">Who has no account, or has forgotten the password, asks an administrator.</p>`,
    nobody,
  );

const autofocus = html`autofocus`;
