import type { Results } from "../../evidence/validate/results.ts";
import { html } from "../../page/html.ts";
import { modelName } from "../labels.ts";
import type { Key } from "./drawing.ts";

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

/** Models in their order. */
export const styled = (models: readonly Pick<Series, "id" | "name">[]): Series[] =>
  models.map(({ id, name }, i) => ({
    id,
    name,
    color: `var(--s${(i % dashes.length) + 1})`,
    dash: dashes[i % dashes.length],
  }));

/** The models in the results' order. */
export const series = (results: Results): Series[] =>
  styled(results.models.map(({ id }) => ({ id, name: modelName(results, id) })));

/** A line as a legend shows it. */
export interface LineStyle {
  readonly name: string;
  readonly color: string;
  readonly dash: string;
}

export const lineKey = ({ name, color, dash }: LineStyle): Key => ({
  name,
  width: 28,
  height: 10,
  swatch: html`<line x1="1" y1="5" x2="27" y2="5" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
});

export const boxKey = (name: string, fill: string, opacity = 1): Key => ({
  name,
  width: 14,
  height: 12,
  swatch: html`<rect width="14" height="12" fill="${fill}" fill-opacity="${opacity}"/>`,
});
