import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { change, extent, mask, type Shown, view } from "../store/store.ts";
import { pixelsOf } from "../store/view.ts";
import { sliceOf } from "../view/cursor.ts";
import { axesOf, edgeLetters, type Plane, sideOf } from "../view/plane.ts";
import { words } from "../words.ts";
import { draw, type Kept } from "./draw.ts";
import { focus } from "./focus.ts";
import { keyed } from "./keys.ts";
import { pointing } from "./pointer.ts";
import { shownName } from "./shownName.ts";
import { toldOf } from "./told.ts";

/** Screens finer than this show no more of a CT. */
const finest = 2;

/** One picture: an image in a plane, with letters, place and window, reached by keyboard. */
export function Viewport({
  image,
  plane,
  first,
  looked,
}: {
  image: Shown;
  plane: Plane;
  /** Takes the focus, where a picture before it had it. */
  first: boolean;
  /** Told when it has the focus. */
  looked?: (() => void) | undefined;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const kept = useRef<Kept>({});
  const size = useSignal<readonly [number, number]>([0, 0]);
  const id = useId();
  const pixels = useComputed(() => {
    const [columns, rows] = size.value;
    return columns > 0 ? pixelsOf(view.value, plane, columns, rows, extent.value) : undefined;
  });

  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() => {
      const ratio = Math.min(devicePixelRatio, finest);
      size.value = [Math.round(element.clientWidth * ratio), Math.round(element.clientHeight * ratio)];
    });
    observer.observe(element);
    const unpoint = pointing(element, {
      pixels: () => pixels.value,
      pitch: () => sliceOf(image.volume, plane, view.value.point, extent.value).pitch,
    });
    if (first && focus.passed()) frame.current?.focus({ preventScroll: true });
    return () => {
      observer.disconnect();
      unpoint();
    };
  }, [image, plane]);

  useSignalEffect(() => {
    const on = pixels.value;
    const element = canvas.current;
    const [shownView, labels] = [view.value, mask.value];
    if (!on || !element) return;
    const next = requestAnimationFrame(() => {
      if (element.width !== on.columns || element.height !== on.rows) {
        element.width = on.columns;
        element.height = on.rows;
      }
      const context = element.getContext("2d", { alpha: false });
      if (context) draw(context, kept.current, on, shownView, image.volume, labels);
    });
    return () => cancelAnimationFrame(next);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const next = keyed(event, plane);
    if (!next) return;
    event.preventDefault();
    focus.pass();
    change(next);
  };
  const { point, window, zoom } = view.value;
  const slice = sliceOf(image.volume, plane, point, extent.value);
  const letters = edgeLetters(axesOf[plane]);
  const phase = image.phase ? words.phases[image.phase] : words.noPhase;
  const told = toldOf(image, plane, point);
  return (
    <section class="viewport" data-plane={plane} data-phase={image.phase ?? ""}>
      <div
        ref={frame}
        class="picture"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a picture takes keys
        tabIndex={0}
        role="application"
        aria-roledescription="picture"
        aria-label={words.picture(phase, words.planes[plane].toLowerCase())}
        aria-describedby={id}
        onFocus={looked}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} />
      </div>
      <p class="corner top-left">
        <strong>{phase}</strong>
        <span class="more">{shownName(image.name)}</span>
      </p>
      <p class="corner top-right">{words.planes[plane]}</p>
      <p class="corner bottom-left">{words.place(slice.n, slice.of, sideOf(plane, slice.mm), slice.mm)}</p>
      <p class="corner bottom-right">
        {words.window(Math.round(window.center), Math.round(window.width))}
        {zoom !== 1 && <span class="more">{`× ${zoom.toFixed(2)}`}</span>}
      </p>
      {Object.entries(letters).map(([edge, letter]) => (
        <span key={edge} class={`edge ${edge}`} aria-hidden="true">
          {letter}
        </span>
      ))}
      <p id={id} class="unseen">
        {told}
      </p>
    </section>
  );
}
