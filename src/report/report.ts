import type { Results } from "../validate/results.ts";
import { abstract } from "./abstract.ts";
import { banner } from "./banner.ts";
import { numbering } from "./block.ts";
import { exampleCases } from "./examples.ts";
import { decisionCurveFigure } from "./figures/decisionCurve.ts";
import { efficiencyFigure } from "./figures/efficiency.ts";
import { flowFigure } from "./figures/flow.ts";
import { gatesFigure } from "./figures/gates.ts";
import { rocFigure } from "./figures/roc.ts";
import { trainingCurvesFigure } from "./figures/trainingCurves.ts";
import { html, type Markup, trusted } from "./html.ts";
import { methods } from "./methods.ts";
import { day, listed } from "./numbers.ts";
import { style } from "./style.ts";
import { aucTable } from "./tables/auc.ts";
import { characteristicsTable } from "./tables/characteristics.ts";
import { efficiencyTable } from "./tables/efficiency.ts";
import { operatingTable } from "./tables/operating.ts";
import { readersTable } from "./tables/readers.ts";

/**
 * A whole validation as one HTML file: no script, nothing loaded from outside, light, dark and print.
 * Made from the results alone; what they lack is left out with a line that says so.
 * @param results as `parseResults` returns them
 */
export function renderReport(results: Results): string {
  const { study } = results;
  const { figure, table } = numbering();
  const efficiency = results.efficiency !== null;
  const sections: readonly { id: string; title: string; body: readonly Markup[] }[] = [
    {
      id: "cases",
      title: "Cases",
      body: [figure("flow", flowFigure(results)), table("characteristics", characteristicsTable(results))],
    },
    {
      id: "accuracy",
      title: "Accuracy",
      body: [
        table("auc", aucTable(results)),
        figure("roc", rocFigure(results)),
        table("operating", operatingTable(results)),
        figure("decision", decisionCurveFigure(results)),
      ],
    },
    { id: "reading", title: "Readers", body: [table("readers", readersTable(results))] },
    {
      id: "cost",
      title: "Efficiency",
      body: [
        table("efficiency", efficiencyTable(results)),
        ...(efficiency ? [figure("savings", efficiencyFigure(results))] : []),
      ],
    },
    {
      id: "inside",
      title: "Inside the model",
      body: [figure("gates", gatesFigure(results)), figure("training", trainingCurvesFigure(results))],
    },
    { id: "single", title: "Example cases", body: [figure("examples", exampleCases(results))] },
    { id: "caveats", title: "Caveats", body: [caveats(results)] },
    { id: "methods", title: "Methods and abbreviations", body: [methods(results)] },
  ];
  const page = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${results.software}">
<title>${study.title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<p class="kicker">External validation report · research use only</p>
<h1>${study.title}</h1>
<p class="byline">Developed at centre ${study.development}; tested at ${listed(study.external.map((center) => `centre ${center}`))} · ${day(results.created)} · ${results.software}</p>
${banner(results)}
<section class="abstract" aria-labelledby="abstract"><h2 id="abstract">Summary</h2><p>${abstract(results)}</p></section>
</header>
<nav aria-label="Contents"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
${sections.map(
  ({
    id,
    title,
    body,
  }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}
</section>
`,
)}</main>
<footer>Made by ${results.software} from results.json (${results.format}), seed ${results.seed}, ${results.created}. Research use only: not a medical device.</footer>
</body>
</html>
`;
  return page.markup;
}

function caveats({ study }: Results): Markup {
  if (study.notes.length === 0) return html`<p class="absent">The results note none.</p>`;
  return html`<ul class="caveats">${study.notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}
