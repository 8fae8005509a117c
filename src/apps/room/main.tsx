import { effect } from "@preact/signals";
import { render } from "preact";
import { dark, light } from "../../page/palette.ts";
import { open, openBy, readShown } from "./open/client.ts";
import { droppedFiles } from "./open/dropped.ts";
import { linkOf, viewOf } from "./store/link.ts";
import { namesShown, opening, theme, view } from "./store/store.ts";
import { App } from "./ui/App.tsx";
import { words } from "./words.ts";

document.title = words.title;
openBy(location.hash);

effect(() => {
  const root = document.documentElement;
  root.dataset.theme = theme.value;
  for (const [name, color] of Object.entries(theme.value === "dark" ? dark : light))
    root.style.setProperty(`--${name}`, color);
});

/** How long a view stands before the address follows; browsers refuse many changes a second. */
const settled = 250;
let clock: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  if (opening.value.state !== "open") return;
  const link = linkOf(view.value);
  clearTimeout(clock);
  clock = setTimeout(() => history.replaceState(null, "", `#${link}`), settled);
});
addEventListener("hashchange", () => {
  view.value = { ...view.value, ...viewOf(location.hash) };
});

// Which images are shown is the user's choice at any time.
effect(() => {
  if (namesShown.value.length > 0 && opening.value.state === "open") readShown();
});

// A folder may be dropped at any time; the browser itself would leave the page for it.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", async (event) => {
  event.preventDefault();
  const files = event.dataTransfer ? await droppedFiles(event.dataTransfer) : [];
  if (files.length > 0) open(files);
});

render(<App />, document.getElementById("room")!);
