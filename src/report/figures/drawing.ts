import { html, type Markup, type Part } from "../../page/html.ts";
import type { Picture } from "../../page/svg.ts";

/** One plot of a figure under its own small title. */
export interface Panel {
  /** Empty: none. */
  readonly title: string;
  readonly picture: Picture;
}

/** An entry of a legend: a small drawing and what it stands for. */
export interface Key {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Inside an SVG of this size, origin at its upper left. */
  readonly swatch: Markup;
}

/** Panels side by side as the width allows, and the legend below them. */
export interface Row {
  /** `small`: four to a row of a wide page; `wide`: one, twice as wide; else three. */
  readonly layout?: "small" | "wide";
  readonly panels: readonly Panel[];
  readonly keys?: readonly Key[];
}

/** What is seen of a figure, without its caption. */
export type Drawing = readonly Row[];

export const drawingMarkup = (drawing: Drawing): Markup =>
  html`${drawing.map(({ layout, panels, keys = [] }) => [
    layout === "wide" ? panels.map(wide) : grid(panels, layout === "small"),
    keys.length > 0 &&
      html`
<ul class="legend">${keys.map(keyMarkup)}</ul>
`,
  ])}`;

const wide = ({ picture }: Panel): Markup => html`<div class="wide">${picture}</div>`;

const grid = (panels: readonly Panel[], small: boolean): Part =>
  html`<div class="panels${small && " small"}">${panels.map(
    ({ title, picture }) =>
      html`<div class="panel">${title !== "" && html`<p class="panel-title">${title}</p>`}${picture}</div>`,
  )}</div>`;

const keyMarkup = ({ name, width, height, swatch }: Key): Markup =>
  html`<li><svg width="${width}" height="${height}" aria-hidden="true">${swatch}</svg>${name}</li>`;
