import { version } from "../../../base/version.ts";
import { researchUse } from "../../../evidence/predict/prediction.ts";
import { html, type Markup, trusted } from "../../../page/html.ts";
import { type Caller, may } from "../access/policy.ts";
import { style } from "./style.ts";

/** What the script of a page goes by, in attributes of `main`: where changes are told, and what the page is of. */
export interface Live {
  readonly events: string;
  readonly [name: string]: string | number;
}

/**
 * A page of the service: HTML that needs no script, nothing from elsewhere.
 * @param title without the program's name
 * @param caller whoever looks at it: it links to what is allowed
 */
export const frame = (title: string, heading: Markup, main: Markup, caller: Caller, live?: Live): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – trinephron</title>
<style>${trusted(style)}</style>
${live && html`<script src="/live.js" defer></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>${whoBar(caller)}${heading}
<p class="banner" role="note"><span aria-hidden="true">⚠ </span><strong>${researchUse}</strong></p>
</header>
<main id="main"${Object.entries(live ?? {}).map(([name, value]) => html` ${trusted(`data-${name}`)}="${value}"`)}>
${main}
</main>
<footer>trinephron ${version}${links.map(([action, to, text]) => may(caller, action) && html` · <a href="${to}">${text}</a>`)}</footer>
</body>
</html>
`.markup;

/** A way back, for whoever may go there. */
export const toWorklist = (caller: Caller): Markup | false =>
  may(caller, "see studies") && html`<p class="kicker"><a href="/">Worklist</a></p>`;

const links = [
  ["see studies", "/", "worklist"],
  ["see deliveries", "/deliveries", "deliveries"],
  ["read the audit log", "/audit", "audit log"],
  ["manage accounts", "/accounts", "accounts"],
  ["see studies", "/api/openapi.json", "API"],
] as const;

/** Who is signed in, and how to leave; or that nobody has to be. */
function whoBar(caller: Caller): Markup | false {
  if (caller.kind === "local")
    return html`<p class="whobar">There are no accounts: whoever uses this machine sees and does everything here.</p>`;
  if (caller.kind !== "account") return false;
  return html`<form class="whobar" method="post" action="/signout"><span><a href="/account">${caller.name}</a>, ${caller.role}</span> <button>Sign out</button></form>`;
}
