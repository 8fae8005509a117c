import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Markup, trusted } from "../html.ts";

/**
 * A plot as an SVG string without a style of its own: the report's style sheet gives it font and colours, so that it
 * follows dark mode and print.
 * @param label its accessible name: what is shown, in one sentence
 */
export function svg(label: string, options: PlotOptions): Markup {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const root = plot({ document, className: "plot", ariaLabel: label, ...options });
  root.querySelector("style")?.remove();
  root.setAttribute("role", "img");
  return trusted(root.outerHTML);
}
