import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { html, type Markup, trusted } from "./html.ts";

/** An SVG element and its size in its own units. */
export interface Picture extends Markup {
  readonly width: number;
  readonly height: number;
}

type Sized = PlotOptions & { readonly width: number; readonly height: number };

/**
 * A plot as an SVG string without a style of its own: the report's style sheet gives it font and colours, so that it
 * follows dark mode and print.
 * @param name what is shown, in a phrase
 * @param detail its numbers, in sentences
 */
export function svg(name: string, detail: string, options: Sized): Picture {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const root = plot({ document, className: "plot", ...options });
  root.querySelector("style")?.remove();
  // The serialiser leaves `<` in attributes as it is, which XML forbids: our text goes in afterwards, escaped.
  const start = html`<svg role="img" aria-label="${name}. ${detail}" `.markup;
  const markup = root.outerHTML
    .slice("<svg ".length)
    .replace(">", () => `>${described(name, detail).markup}`);
  return { ...trusted(start + markup), width: options.width, height: options.height };
}

/** The `title` and `desc` of an SVG. */
export const described = (name: string, detail: string): Markup =>
  html`<title>${name}</title><desc>${detail}</desc>`;
