import type { Results } from "../../validate/results.ts";
import { html, type Markup } from "../html.ts";
import { modelName } from "../labels.ts";

/** How a model is drawn in every figure: colour and dashes, so that neither alone has to tell models apart. */
export interface Series {
  readonly id: string;
  readonly name: string;
  /** A custom property of the style sheet: one colour in light, one in dark. */
  readonly color: string;
  /** SVG `stroke-dasharray`. */
  readonly dash: string;
}

const dashes = ["none", "7 3", "2 3", "9 3 2 3", "4 4", "1 5"];

/** The models in the results' order. */
export const series = (results: Results): Series[] =>
  results.models.map(({ id }, i) => ({
    id,
    name: modelName(results, id),
    color: `var(--s${(i % dashes.length) + 1})`,
    dash: dashes[i % dashes.length],
  }));

/** One entry of a legend: a line. */
export interface LineKey {
  readonly name: string;
  readonly color: string;
  readonly dash: string;
}

export const lineKey = ({ name, color, dash }: LineKey): Markup =>
  html`<li><svg width="28" height="10" aria-hidden="true"><line x1="1" y1="5" x2="27" y2="5" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/></svg>${name}</li>`;

export const legend = (keys: readonly Markup[]): Markup => html`<ul class="legend">${keys}</ul>`;

/** One plot of a figure under its own small title. */
export const panel = (title: string, plot: Markup): Markup =>
  html`<div class="panel"><p class="panel-title">${title}</p>${plot}</div>`;

export const panels = (items: readonly Markup[]): Markup => html`<div class="panels">${items}</div>`;

/** Four to a row where the page is wide. */
export const smallPanels = (items: readonly Markup[]): Markup =>
  html`<div class="panels small">${items}</div>`;
