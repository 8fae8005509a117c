import { version } from "../../../base/version.ts";
import { researchUse } from "../../../evidence/predict/prediction.ts";
import { html, type Markup, trusted } from "../../../page/html.ts";
import { style } from "./style.ts";

/** What the script of a page goes by, in attributes of `main`: where changes are told, and what the page is of. */
export interface Live {
  readonly events: string;
  readonly [name: string]: string | number;
}

/** A page of the service: HTML that needs no script, nothing from elsewhere. @param title without the program's name */
export const frame = (title: string, heading: Markup, main: Markup, live?: Live): string =>
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
<header>${heading}
<p class="banner" role="note"><span aria-hidden="true">⚠ </span><strong>${researchUse}</strong></p>
</header>
<main id="main"${Object.entries(live ?? {}).map(([name, value]) => html` ${trusted(`data-${name}`)}="${value}"`)}>
${main}
</main>
<footer>trinephron ${version} · <a href="/">worklist</a> · <a href="/deliveries">deliveries</a> · <a href="/api/openapi.json">API</a></footer>
</body>
</html>
`.markup;
