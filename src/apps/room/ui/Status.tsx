import { useSignal, useSignalEffect } from "@preact/signals";
import { active, view } from "../store/store.ts";
import { toldOf } from "./told.ts";

/** A screen reader speaks of where the view came to rest, not of all it passed. */
const rest = 500;

export function Status() {
  const text = useSignal("");
  useSignalEffect(() => {
    const [image, { plane, point }] = [active.value, view.value];
    if (!image) return;
    const clock = setTimeout(() => {
      text.value = toldOf(image, plane, point);
    }, rest);
    return () => clearTimeout(clock);
  });
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}
