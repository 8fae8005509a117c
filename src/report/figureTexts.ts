import { stringify } from "csv-stringify/sync";
import { html } from "../page/html.ts";
import type { FigureBlock } from "./block.ts";
import { standaloneSvg } from "./figures/standalone.ts";

/** A figure as a whole SVG file. */
export const figureSvg = ({ drawing, note, marks }: FigureBlock, title: string): string =>
  standaloneSvg(drawing, { title, note: plain(html`${note}`.markup), marks });

/** Escaped again where it is inserted. */
const plain = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: keyof typeof entities) => entities[name]);

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" } as const;

/** A figure's numbers, a header line first. */
export const figureCsv = ({ data: { header, rows } }: FigureBlock): string =>
  stringify([[...header], ...rows.map((row) => [...row])], {
    cast: { boolean: (value) => (value ? "yes" : "no") },
  });
