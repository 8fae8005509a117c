import type { Results } from "../evidence/validate/results.ts";
import { figureCsv, figureSvg } from "./figureTexts.ts";
import { placesOf } from "./places.ts";
import { sections } from "./sections/sections.ts";

/** A figure of the report for use elsewhere. */
export interface FigureFile {
  /** As in the report: `Figure 2`. */
  readonly label: string;
  /** Without an ending: `figure-2-roc`. */
  readonly name: string;
  readonly title: string;
  /** A whole SVG file. */
  readonly svg: string;
  /** The numbers it was drawn from, a header line first. */
  readonly csv: string;
}

/** Every figure of the report in its order, as an SVG file and the CSV of its numbers. */
export function reportFigures(results: Results): FigureFile[] {
  const parts = sections(results);
  const places = placesOf(parts);
  return parts
    .flatMap(({ items }) => items)
    .flatMap((item) => {
      const place = item.kind === "figure" ? places.get(item.id) : undefined;
      if (item.kind !== "figure" || place === undefined || "absent" in item.content) return [];
      const { title } = item.content;
      const { label, number } = place;
      return {
        label,
        name: `figure-${number}-${item.id}`,
        title,
        svg: figureSvg(item.content, `${label}. ${title}`),
        csv: figureCsv(item.content),
      };
    });
}
