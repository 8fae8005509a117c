import { html, type Markup } from "../page/html.ts";
import type { Absent, Block, FigureBlock } from "./block.ts";

/** Somewhere in the report that can be linked to. */
export interface Place {
  readonly id: string;
  /** `Table 3`, `Figure 2`, or a section's or paragraph's name. */
  readonly label: string;
  /** Of a table or figure, from 1. */
  readonly number?: number;
}

/** By id: what is in the report. What is absent has no place. */
export type Places = ReadonlyMap<string, Place>;

/** A block, or one that can be made only when everything has its number. */
export type Content<B extends Block = Block> = B | Absent | ((places: Places) => Block);

export type Item =
  | { readonly kind: "figure"; readonly id: string; readonly content: FigureBlock | Absent }
  | { readonly kind: "table"; readonly id: string; readonly content: Content }
  | { readonly kind: "text"; readonly places?: readonly Place[]; readonly content: Markup };

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly items: readonly Item[];
}

/** Numbers figures and tables in the order in which they are printed; what is absent gets none. */
export function placesOf(sections: readonly Section[]): Places {
  const places = new Map<string, Place>();
  const numbers = { figure: 0, table: 0 };
  const words = { figure: "Figure", table: "Table" } as const;
  const put = (place: Place) => void places.set(place.id, place);
  for (const { id, title, items } of sections) {
    put({ id, label: title });
    for (const item of items)
      if (item.kind === "text") item.places?.forEach(put);
      else if (typeof item.content === "function" || !("absent" in item.content)) {
        const number = ++numbers[item.kind];
        put({ id: item.id, label: `${words[item.kind]} ${number}`, number });
      }
  }
  return places;
}

/** A link to a place. */
export const placeLink = ({ id, label }: Place): Markup => html`<a href="#${id}">${label}</a>`;
