import * as Plot from "@observablehq/plot";
import { encode } from "fast-png";
import { type Picture, svg } from "../../../page/svg.ts";
import { enlarged, type Slice } from "./slice.ts";

/** W 400, L 100: between fat and the cortex of the corticomedullary phase. */
export const kidneyWindow = [-100, 300] as const;

/** A closed line at one level of a slice. */
export interface Contour {
  readonly slice: Slice;
  readonly level: number;
  readonly color: string;
  /** SVG `stroke-dasharray`. */
  readonly dash?: string;
}

/** Colour and opacity, 0 … 255 and 0 … 1. */
export type Tint = readonly [red: number, green: number, blue: number, opacity: number];

interface Layers {
  /** HU. */
  readonly hu: Slice;
  readonly overlay?: { readonly slice: Slice; readonly tint: (value: number) => Tint };
  readonly contours: readonly Contour[];
}

/** Edge of a picture in its own units, and about that of its image in pixels. */
const edge = 192;

/** A CT slice at the kidney window, with a map laid over it and contours, as SVG. */
export function slicePicture(name: string, detail: string, { hu, overlay, contours }: Layers): Picture {
  const image = pngUri(hu, overlay);
  // Without places for the values Plot takes them for a grid, as they are, and does not triangulate it first.
  const frame = { x: null, y: null, x1: 0, y1: 0, x2: edge, y2: edge };
  return svg(name, detail, {
    width: edge,
    height: edge,
    margin: 0,
    axis: null,
    x: { type: "identity" },
    y: { type: "identity" },
    marks: [
      Plot.image([image], { src: (uri: string) => uri, x: edge / 2, y: edge / 2, width: edge, height: edge }),
      ...contours.flatMap(({ slice: { side, data }, level, color, dash }) => {
        if (!data.some((value) => value > level)) return [];
        const line = { ...frame, width: side, height: side, thresholds: [level], fill: "none" };
        return [
          Plot.contour(data, { ...line, stroke: "#000", strokeWidth: 3, strokeOpacity: 0.45 }),
          Plot.contour(data, { ...line, stroke: color, strokeWidth: 1.5, strokeDasharray: dash ?? "none" }),
        ];
      }),
      // The patient's right, as on a viewer.
      Plot.text(["R"], {
        ...{ x: 5, y: edge / 2, textAnchor: "start", fontSize: 20, fontWeight: "bold" },
        ...{ fill: "#fff", stroke: "#000", strokeWidth: 3 },
      }),
    ],
  });
}

/** What a map's values look like on a grey ground, from left to right. */
export function rampUri(tint: (value: number) => Tint, [low, high]: readonly [number, number]): string {
  const [width, height] = [128, 8];
  const data = new Uint8Array(3 * width * height);
  for (let v = 0; v < width * height; v++)
    data.set(blended(110, tint(low + ((high - low) * (v % width)) / (width - 1))), 3 * v);
  return uri(encode({ width, height, data, channels: 3 }));
}

function pngUri(hu: Slice, overlay: Layers["overlay"]): string {
  const zoom = Math.max(1, Math.ceil(edge / hu.side));
  const fine = enlarged(hu, zoom);
  const map = overlay && enlarged(overlay.slice, fine.side / overlay.slice.side);
  const [low, high] = kidneyWindow;
  const channels = map ? 3 : 1;
  const data = new Uint8Array(channels * fine.data.length);
  fine.data.forEach((value, v) => {
    const gray = (255 * Math.min(Math.max(value - low, 0), high - low)) / (high - low);
    if (map && overlay) data.set(blended(gray, overlay.tint(map.data[v])), 3 * v);
    else data[v] = Math.round(gray);
  });
  return uri(encode({ width: fine.side, height: fine.side, data, channels }));
}

const blended = (gray: number, [red, green, blue, opacity]: Tint): number[] =>
  [red, green, blue].map((part) => Math.round(gray + opacity * (part - gray)));

const uri = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
