import { change, extent, type Tool, tool } from "../store/store.ts";
import { panned, scrolled, windowed, zoomed } from "../store/view.ts";
import { within } from "../view/extent.ts";
import { type Pixels, pointAt } from "../view/pixels.ts";

/** What a picture tells of itself to who points at it. */
interface Picture {
  readonly pixels: () => Pixels | undefined;
  /** Distance of slices, mm. */
  readonly pitch: () => number;
}

interface Held {
  readonly tool: Tool | "zoom";
  x: number;
  y: number;
  moved: boolean;
}

/** Touch that moves less is a tap, px. */
const tap = 6;
/** A finger scrolls a slice by so many px. */
const finger = 8;

/** Mouse, pen and fingers on a canvas. @returns takes the listeners off */
export function pointing(canvas: HTMLCanvasElement, { pixels, pitch }: Picture): () => void {
  const held = new Map<number, Held>();
  let rest = 0;
  const place = (event: { offsetX: number; offsetY: number }, on: Pixels) =>
    pointAt(on, [
      (event.offsetX * on.columns) / canvas.clientWidth,
      (event.offsetY * on.rows) / canvas.clientHeight,
    ]);
  const setPoint = (event: PointerEvent) => {
    const on = pixels();
    if (on) change((view) => ({ ...view, point: within(extent.value, place(event, on)) }));
  };
  const toolOf = ({ pointerType, button, shiftKey }: PointerEvent): Held["tool"] => {
    if (button === 2) return "window";
    if (button === 1 || shiftKey) return "pan";
    return pointerType === "touch" && tool.value === "point" ? "scroll" : tool.value;
  };
  const scroll = (mm: number) => {
    const on = pixels();
    if (!on) return;
    rest += mm;
    const slices = Math.trunc(rest);
    rest -= slices;
    if (slices !== 0) change((view) => scrolled(view, on.plane, slices, pitch(), extent.value));
  };

  const down = (event: PointerEvent) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.parentElement?.focus();
    held.set(event.pointerId, { tool: toolOf(event), x: event.clientX, y: event.clientY, moved: false });
    rest = 0;
    if (toolOf(event) === "point") setPoint(event);
    event.preventDefault();
  };
  const move = (event: PointerEvent) => {
    const from = held.get(event.pointerId);
    const on = pixels();
    if (!from || !on) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && event.pointerType === "touch" && Math.hypot(dx, dy) < tap && held.size === 1) return;
    from.moved = true;
    const mm = (on.pitch * on.columns) / canvas.clientWidth;
    if (held.size === 2) pinch(event, on, mm, dx, dy);
    else if (from.tool === "point") setPoint(event);
    else if (from.tool === "pan") change((view) => panned(view, on.plane, dx * mm, dy * mm, extent.value));
    else if (from.tool === "window") change((view) => windowed(view, dy, 2 * dx));
    else scroll(-dy / finger);
    from.x = event.clientX;
    from.y = event.clientY;
  };
  /** Each of two fingers moves the picture half as far as it goes itself; their distance zooms. */
  const pinch = (event: PointerEvent, on: Pixels, mm: number, dx: number, dy: number) => {
    const [other] = [...held].flatMap(([id, finger]) => (id === event.pointerId ? [] : [finger]));
    const from = held.get(event.pointerId)!;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const box = canvas.getBoundingClientRect();
    const around = place(
      { offsetX: (event.clientX + other.x) / 2 - box.left, offsetY: (event.clientY + other.y) / 2 - box.top },
      on,
    );
    change((view) => {
      const moved = panned(view, on.plane, (dx * mm) / 2, (dy * mm) / 2, extent.value);
      return before > 10 ? zoomed(moved, on.plane, after / before, around, extent.value) : moved;
    });
  };
  const up = (event: PointerEvent) => {
    const from = held.get(event.pointerId);
    held.delete(event.pointerId);
    if (from && !from.moved && event.pointerType === "touch" && event.type === "pointerup") setPoint(event);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const on = pixels();
    if (!on) return;
    if (event.ctrlKey)
      change((view) => zoomed(view, on.plane, 1.0015 ** -event.deltaY, place(event, on), extent.value));
    // A notch of a wheel is a slice; pads send many small steps.
    else scroll(-(event.deltaMode === 0 ? event.deltaY / 100 : event.deltaY / 3));
  };
  const menu = (event: Event) => event.preventDefault();

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("contextmenu", menu);
  return () => {
    canvas.removeEventListener("pointerdown", down);
    canvas.removeEventListener("pointermove", move);
    canvas.removeEventListener("pointerup", up);
    canvas.removeEventListener("pointercancel", up);
    canvas.removeEventListener("wheel", wheel);
    canvas.removeEventListener("contextmenu", menu);
  };
}
