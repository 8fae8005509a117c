import { existsSync } from "node:fs";

/** Expressions that a browser evaluates on the report's page; strings, since they know its objects and not ours. */

export const executablePath = "/usr/bin/chromium";
/** Metrics of Arial, which the pages ask for: in other letters the same text takes another place. */
const letters = "/usr/share/fonts/truetype/liberation";
export const skip = ![executablePath, letters].every(existsSync) && !process.env.CI;
if (skip)
  console.warn(
    `skipped: pages in a browser need ${executablePath} and ${letters} (Debian: chromium, fonts-liberation)`,
  );

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** Playwright takes a function's text; these come with their types and no types of the browser's. */
type InPage<Argument, Value> = (argument: Argument) => Value;
const inPage = <Argument, Value>(source: string) =>
  new Function("argument", source) as InPage<Argument, Value>;

/**
 * Texts outside their container by more than `argument` pixels: of a cell in its cell, of a figure's drawing in the
 * figure, of all else in the page's width.
 */
export const outside = inPage<number, string[]>(`
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const page = { left: 0, right: document.documentElement.clientWidth, top: -Infinity, bottom: Infinity };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (node.data.trim() === "" || parent.closest("title, desc, style, script, .skip")) continue;
    const style = getComputedStyle(parent);
    if (style.visibility === "hidden" || style.display === "none") continue;
    const cell = parent.closest("td, th");
    const figure = parent.closest("svg") && parent.closest("figure");
    const scrolled = parent.closest(".scroll");
    const container = cell ?? figure;
    const box = container ? container.getBoundingClientRect() : scrolled ? undefined : page;
    if (!box) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width === 0) continue;
      const by = Math.max(box.left - rect.left, rect.right - box.right, box.top - rect.top, rect.bottom - box.bottom);
      if (by > argument) found.push(node.data.trim().slice(0, 40) + ": " + by.toFixed(1) + " px");
    }
  }
  return found;
`);

/** Pairs that overlap among the panels, legend entries and captions of one figure. */
export const overlapping = inPage<void, string[]>(`
  const found = [];
  for (const figure of document.querySelectorAll("figure")) {
    const parts = [...figure.querySelectorAll(".panel, .legend > li, .wide, figcaption, .scroll, .case > *")];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b, j) => {
        if (parts[i].contains(parts[i + 1 + j])) return;
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 1 && height > 1)
          found.push(figure.id + ": " + parts[i].className + " and " + parts[i + 1 + j].className);
      }),
    );
  }
  return found;
`);

/** Ids of the figures that are displayed. */
export const shownFigures = inPage<void, string[]>(`
  return [...document.querySelectorAll("figure:not(.table)")]
    .filter((figure) => figure.getBoundingClientRect().height > 0)
    .map((figure) => figure.id);
`);

/** Where the pictures of a figure lie in it. */
export const panelsOf = inPage<string, Box[]>(`
  const figure = document.getElementById(argument);
  const origin = figure.getBoundingClientRect();
  return [...figure.querySelectorAll("svg[role=img], .slice")].map((picture) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return { x: left - origin.left, y: top - origin.top, width, height };
  });
`);
