import { useRef } from "preact/hooks";
import { open } from "../open/client.ts";
import { chosenFiles } from "../open/dropped.ts";
import { words } from "../words.ts";

/** Buttons that choose a folder, or files. */
export function Choose() {
  const [folder, files] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const take = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const given = chosenFiles(input.files);
    input.value = "";
    if (given.length > 0) open(given);
  };
  return (
    <p class="choose">
      <button type="button" class="strong" onClick={() => folder.current?.click()}>
        {words.open.folder}
      </button>
      <button type="button" onClick={() => files.current?.click()}>
        {words.open.files}
      </button>
      <input
        ref={(input: HTMLInputElement | null) => {
          folder.current = input;
          input?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        id="folder"
        multiple
        hidden
        onChange={take}
      />
      <input ref={files} type="file" id="files" multiple hidden onChange={take} />
    </p>
  );
}
