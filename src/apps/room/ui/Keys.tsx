import { useEffect, useRef } from "preact/hooks";
import { keysShown } from "../store/store.ts";
import { words } from "../words.ts";

/** Keys and gestures; Escape closes it. */
export function Keys() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const list = (entries: readonly (readonly [string, string])[]) => (
    <dl>
      {entries.map(([key, what]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
  return (
    <dialog
      ref={dialog}
      class="keys"
      aria-label={words.keys}
      onClose={() => {
        keysShown.value = false;
      }}
    >
      <h2>{words.keysHeading}</h2>
      {list(words.keyList)}
      <h2>{words.pointerHeading}</h2>
      {list(words.pointerList)}
      <p>
        <button type="button" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </p>
    </dialog>
  );
}
