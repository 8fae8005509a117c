import { active, extent, shown } from "../store/store.ts";
import { panned, pointed, scrolled, type View, windowed, zoomed } from "../store/view.ts";
import { sliceOf } from "../view/cursor.ts";
import { presets } from "../view/gray.ts";
import { type Plane, planes } from "../view/plane.ts";

/** Moves of the arrow keys, on the screen. */
const arrows: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How far Ctrl and an arrow move the picture, mm, at zoom 1. */
const panStep = 20;

const letters: Readonly<Record<string, (view: View) => View>> = {
  m: (view) => ({ ...view, opacity: view.opacity > 0 ? 0 : 1 }),
  x: (view) => ({ ...view, crosshair: !view.crosshair }),
  i: (view) => ({ ...view, smooth: !view.smooth }),
  l: (view) => ({ ...view, layout: view.layout === "phases" ? "planes" : "phases" }),
  p: (view) => ({ ...view, active: (view.active + 1) % Math.max(1, shown.value.length) }),
  "[": (view) => windowed(view, 0, -20),
  "]": (view) => windowed(view, 0, 20),
  ",": (view) => windowed(view, -10, 0),
  ".": (view) => windowed(view, 10, 0),
};

/** What a key does to the view while a picture of a plane has the focus; undefined where it does nothing. */
export function keyed(event: KeyboardEvent, plane: Plane): ((view: View) => View) | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (altKey || metaKey) return undefined;
  const box = extent.value;
  const volume = active.value?.volume;
  if (!volume) return undefined;
  const arrow = arrows[key];
  if (arrow) {
    const [right, down] = arrow;
    if (ctrlKey)
      return (view) =>
        panned(view, plane, (-right * panStep) / view.zoom, (-down * panStep) / view.zoom, box);
    if (shiftKey) return (view) => pointed(view, plane, right, down, box);
  }
  if (ctrlKey) return undefined;
  const scroll = (slices: number) => (view: View) =>
    scrolled(view, plane, slices, sliceOf(volume, plane, view.point, box).pitch, box);
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 },
    ...{ PageUp: 10, PageDown: -10, Home: -1e5, End: 1e5 },
  };
  if (key in steps) return scroll(steps[key]);
  if (key === "+" || key === "=") return (view) => zoomed(view, plane, 1.25, view.point, box);
  if (key === "-" || key === "_") return (view) => zoomed(view, plane, 0.8, view.point, box);
  if (key === "0") return fitted;
  const preset = Object.values(presets)[Number(key) - 1];
  if (preset) return (view) => ({ ...view, window: preset });
  const named = planes.find((name) => name[0] === key.toLowerCase());
  if (named) return (view) => ({ ...view, plane: named });
  return letters[key.toLowerCase()];
}

/** All of the study. */
export const fitted = (view: View): View => {
  const { low, high } = extent.value;
  return {
    ...view,
    zoom: 1,
    middle: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2],
  };
};
