import type { Markup, Part } from "../page/html.ts";
import type { Drawing } from "./figures/drawing.ts";
import { drawingMarkup } from "./figures/drawing.ts";

/** A figure or table before it has its number. */
export interface Block {
  /** One phrase, ends without a full stop. */
  readonly title: string;
  /** What is shown, how it was computed, abbreviations. */
  readonly note: Part;
  /** Stand in the caption: `Painted phases, not real CT`. */
  readonly marks: readonly string[];
  readonly body: Markup;
}

/** The numbers of a figure as a table: what its CSV file holds. */
export interface Data {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** A figure, drawn from `data`. */
export interface FigureBlock extends Block {
  readonly drawing: Drawing;
  readonly data: Data;
}

/** Why a figure or table is not there. */
export interface Absent {
  readonly absent: string;
}

/** A figure whose body is its drawing and nothing else. */
export const figureBlock = (figure: Omit<FigureBlock, "body">): FigureBlock => ({
  ...figure,
  body: drawingMarkup(figure.drawing),
});
