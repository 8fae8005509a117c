import type { Results } from "../evidence/validate/results.ts";
import { html, type Markup } from "../page/html.ts";
import { itemMarkup } from "./captioned.ts";
import { day, listed } from "./numbers.ts";
import { pageHead } from "./pageHead.ts";
import { type Places, placesOf, type Section } from "./places.ts";
import { abstract } from "./sections/abstract.ts";
import { banner } from "./sections/banner.ts";
import { sections } from "./sections/sections.ts";

/**
 * A whole validation as one HTML file: no script, nothing loaded from outside, light, dark and print.
 * Made from the results alone; what they lack is left out with a line that says so.
 * @param results as `parseResults` returns them
 */
export function renderReport(results: Results): string {
  const { study } = results;
  const parts = sections(results);
  // What an abstract tells comes before the contents.
  const [first, ...rest] = parts;
  const places: Places = new Map([
    ["title", { id: "title", label: "Title" }],
    ["summary", { id: "summary", label: "Summary" }],
    ...placesOf(parts),
  ]);
  const page = html`${pageHead(study.title, results.software)}
<body>
<a class="skip" href="#main">To the results</a>
<header>
<p class="kicker">External validation report · research use only</p>
<h1 id="title">${study.title}</h1>
<p class="byline">Developed at centre ${study.development}; tested at ${listed(study.external.map((center) => `centre ${center}`))} · ${day(results.created)} · ${results.software}</p>
${banner(results)}
<section class="abstract" aria-labelledby="summary"><h2 id="summary">Summary</h2><p>${abstract(results)}</p></section>
</header>
<main id="main">
${sectionMarkup(first, places)}${contents(rest, places)}
${rest.map((part) => sectionMarkup(part, places))}</main>
<footer>Made by ${results.software} from results.json (${results.format}), seed ${results.seed}, ${results.created}. Research use only: not a medical device.</footer>
</body>
</html>
`;
  return page.markup;
}

const sectionMarkup = ({ id, title, items }: Section, places: Places): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${items.map((item) => itemMarkup(item, places))}
</section>
`;

/** Every section, and below it its figures and tables by number. */
const contents = (parts: readonly Section[], places: Places): Markup =>
  html`<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ul>${parts.map(
    ({ id, title, items }) => html`<li><a href="#${id}">${title}</a>${numbered(items, places)}</li>`,
  )}</ul></nav>`;

function numbered(items: Section["items"], places: Places): Markup | undefined {
  const entries = items.flatMap((item) => {
    if (item.kind === "text") return [];
    const place = places.get(item.id);
    const content = typeof item.content === "function" ? item.content(places) : item.content;
    return place === undefined || "absent" in content ? [] : [{ place, title: content.title }];
  });
  if (entries.length === 0) return undefined;
  return html`<ul>${entries.map(
    ({ place, title }) => html`<li><a href="#${place.id}">${place.label}</a> ${title}</li>`,
  )}</ul>`;
}
