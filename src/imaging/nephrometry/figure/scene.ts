import type { Loops } from "./loops.ts";

/** A colour as `#rrggbb`. */
export type Color = string;

/** What figures are made of, in px of a canvas with y down; drawn in order, as SVG or as pixels. */
export type Shape =
  | { readonly kind: "area"; readonly loops: Loops; readonly fill: Color; readonly opacity?: number }
  | {
      readonly kind: "line";
      /** `[x0, y0, x1, y1, …]`. */
      readonly points: readonly number[];
      readonly color: Color;
      readonly width: number;
      readonly closed?: boolean;
      /** Lengths of dash and gap. */
      readonly dash?: readonly [number, number];
    }
  | {
      readonly kind: "text";
      readonly x: number;
      /** Base line. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly color?: Color;
      readonly bold?: boolean;
      readonly anchor?: "start" | "middle" | "end";
    };

/** A figure, in px, before it is SVG or PNG. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Said to those who cannot see it. */
  readonly title: string;
  readonly description: string;
  /** @internal */
  readonly shapes: readonly Shape[];
}
