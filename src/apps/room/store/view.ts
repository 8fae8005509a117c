import type { Vec3 } from "../../../numerics/volume/index.ts";
import { minus, plus, times } from "../../../numerics/volume/vector.ts";
import { type Extent, within } from "../view/extent.ts";
import { presets, type Window } from "../view/gray.ts";
import type { Pixels } from "../view/pixels.ts";
import { axesOf, type Plane } from "../view/plane.ts";

/** `phases`: all phases in one plane; `planes`: one phase in three planes. */
export const layouts = ["phases", "planes"] as const;
type Layout = (typeof layouts)[number];

/** What is shown and how; all pictures follow from it. */
export interface View {
  readonly layout: Layout;
  readonly plane: Plane;
  /** Where the crosshair stands, LPS mm: every picture shows the slice through it. */
  readonly point: Vec3;
  /** The middle of the pictures, LPS mm. */
  readonly middle: Vec3;
  /** 1 shows all of the study. */
  readonly zoom: number;
  readonly window: Window;
  /** Which of the images, from 0, is shown where there is room for one. */
  readonly active: number;
  readonly crosshair: boolean;
  readonly smooth: boolean;
  /** Of the mask's outlines, 0 … 1. */
  readonly opacity: number;
}

export const firstView: View = {
  layout: "phases",
  plane: "axial",
  point: [0, 0, 0],
  middle: [0, 0, 0],
  zoom: 1,
  window: presets["soft tissue"],
  active: 0,
  crosshair: true,
  smooth: true,
  opacity: 1,
};

const [leastZoom, mostZoom] = [0.5, 20];
const mostWidth = 8000;

/** So many slices further along a plane's normal. @param pitch distance of slices, mm */
export const scrolled = (view: View, plane: Plane, slices: number, pitch: number, extent: Extent): View => ({
  ...view,
  point: within(extent, plus(view.point, times(axesOf[plane].normal, slices * pitch))),
});

/** The crosshair moved on the screen, mm. */
export function pointed(view: View, plane: Plane, right: number, down: number, extent: Extent): View {
  const axes = axesOf[plane];
  const by = plus(times(axes.right, right), times(axes.down, down));
  return { ...view, point: within(extent, plus(view.point, by)) };
}

/** What is shown moved on the screen, mm. */
export function panned(view: View, plane: Plane, right: number, down: number, extent: Extent): View {
  const axes = axesOf[plane];
  const by = plus(times(axes.right, right), times(axes.down, down));
  return { ...view, middle: within(extent, minus(view.middle, by)) };
}

/** Nearer by a factor, around a point that stays where it is on the screen. */
export function zoomed(view: View, plane: Plane, factor: number, around: Vec3, extent: Extent): View {
  const zoom = Math.min(Math.max(view.zoom * factor, leastZoom), mostZoom);
  const { right, down } = axesOf[plane];
  const share = 1 - view.zoom / zoom;
  const off = minus(around, view.middle);
  const moved = [0, 1, 2].map(
    (a) => view.middle[a] + (right[a] !== 0 || down[a] !== 0 ? share * off[a] : 0),
  ) as unknown as Vec3;
  return { ...view, zoom, middle: within(extent, moved) };
}

/** The window moved and widened, HU. */
export const windowed = (view: View, center: number, width: number): View => ({
  ...view,
  window: {
    center: Math.min(Math.max(view.window.center + center, -2000), 4000),
    width: Math.min(Math.max(view.window.width + width, 1), mostWidth),
  },
});

/** The picture of a plane in a box of so many pixels. */
export function pixelsOf(
  { point, middle, zoom }: View,
  plane: Plane,
  columns: number,
  rows: number,
  { low, high }: Extent,
): Pixels {
  const { right, down, along } = axesOf[plane];
  const length = (way: Vec3) => way.reduce((sum, part, a) => sum + Math.abs(part) * (high[a] - low[a]), 0);
  const pitch = Math.max(length(right) / columns, length(down) / rows) / zoom;
  const onSlice = middle.map((mm, a) => (a === along ? point[a] : mm)) as unknown as Vec3;
  return { plane, columns, rows, pitch, middle: onSlice };
}
