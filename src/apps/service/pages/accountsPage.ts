import { html, type Markup } from "../../../page/html.ts";
import type { Account } from "../access/accounts.ts";
import { type Caller, roles, scopes } from "../access/policy.ts";
import { longestDays, type Token } from "../access/tokens.ts";
import { newPassword } from "./accountPage.ts";
import { frame, toWorklist } from "./frame.ts";
import { action, moment } from "./words.ts";

/** What is to be shown once. */
export interface NewToken {
  readonly name: string;
  readonly secret: string;
}

/** Accounts and tokens, for administrators. @param made a token that was added a moment ago */
export const accountsPage = (
  accounts: readonly Account[],
  tokens: readonly Token[],
  caller: Caller,
  made?: NewToken,
): string =>
  frame(
    "Accounts",
    html`${toWorklist(caller)}
<h1>Accounts</h1>`,
    html`${made && html`<section class="banner" role="alert"><p>The token ${made.name}. It is shown this once: keep it where the program finds it.</p><p class="secret">${made.secret}</p></section>`}
<div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">State</th><th scope="col">Signed in by</th><th scope="col">Last sign-in</th></tr></thead>
<tbody>${accounts.map(accountRow)}</tbody>
</table></div>
<h2>New account</h2>
<form class="narrow" method="post" action="/accounts">
<label>Name<input name="name" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required></label>
${roleField("reader")}
${newPassword("Password")}
<button>Add account</button>
</form>
<h2>Tokens of programs</h2>
${
  tokens.length === 0
    ? html`<p class="empty">There is none.</p>`
    : html`<div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Made</th><th scope="col">Ends</th><th scope="col"><span class="unseen">What to do</span></th></tr></thead>
<tbody>${tokens.map(tokenRow)}</tbody>
</table></div>`
}
<h2>New token</h2>
<form class="narrow" method="post" action="/tokens">
<label>Name<input name="name" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required></label>
<fieldset><legend>May</legend>${scopes.map((scope) => html`<label class="check"><input type="checkbox" name="${scope}" value="on">${scope}</label>`)}</fieldset>
<label>Days that it lasts<input type="number" name="days" min="1" max="${longestDays}" value="90" required></label>
<button>Add token</button>
</form>`,
    caller,
  );

/** One account, and what can be done about it. */
export function oneAccountPage(account: Account, caller: Caller): string {
  const { name, role, disabled, external } = account;
  const base = addressOf(name);
  return frame(
    name,
    html`<p class="kicker"><a href="/accounts">Accounts</a></p>
<h1>${name}</h1>`,
    html`<dl>
<dt>Role</dt><dd>${role}</dd>
<dt>State</dt><dd>${stateOf(account)}</dd>
<dt>Signed in by</dt><dd>${wayOf(account)}</dd>
</dl>
<div class="actions">${disabled ? action(`${base}/enable`, "Enable") : action(`${base}/disable`, "Disable and sign out")}${action(`${base}/remove`, "Remove")}</div>
<h2>Another role</h2>
<form class="narrow" method="post" action="${base}/role">${roleField(role)}<button>Change role</button></form>
${external && html`<p class="muted">The provider’s claim sets the role anew at the next sign-in.</p>`}
${
  !external &&
  html`<h2>Another password</h2>
<form class="narrow" method="post" action="${base}/password">${newPassword("New password")}<button>Change password and sign out</button></form>`
}`,
    caller,
  );
}

const addressOf = (name: string) => `/accounts/${encodeURIComponent(name)}`;
const stateOf = ({ disabled }: Account) => (disabled ? "disabled" : "may sign in");
const wayOf = ({ external }: Account) => (external ? "OpenID Connect" : "password");

const accountRow = (account: Account): Markup => html`<tr>
<th scope="row"><a href="${addressOf(account.name)}">${account.name}</a></th><td data-name="Role">${account.role}</td><td data-name="State">${stateOf(account)}</td><td data-name="Signed in by">${wayOf(account)}</td><td data-name="Last sign-in">${account.signedInAt ? moment(account.signedInAt) : "never"}</td>
</tr>`;

const tokenRow = ({ name, scopes: own, createdAt, expiresAt }: Token): Markup => html`<tr>
<th scope="row">${name}</th><td data-name="May">${own.join(", ")}</td><td data-name="Made">${moment(createdAt)}</td><td data-name="Ends">${moment(expiresAt)}</td><td class="whole">${action(`/tokens/${encodeURIComponent(name)}/revoke`, "Revoke", name)}</td>
</tr>`;

const roleField = (chosen: string): Markup =>
  html`<label>Role<select name="role">${roles.map((role) => html`<option ${role === chosen && html`selected`}>${role}</option>`)}</select></label>`;
