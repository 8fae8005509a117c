import { html, type Markup, type Part, trusted } from "../../page/html.ts";
import { light } from "../../page/palette.ts";
import { described } from "../../page/svg.ts";
import type { Drawing, Key, Panel, Row } from "./drawing.ts";
import { wrap } from "./flow.ts";

const margin = 14;
const gap = 18;
const titleHeight = 20;
const lineHeight = 18;
const fontSize = 11;
/** Mean width of a character of a sans-serif font, in font sizes. */
const characterWidth = 0.54;

/** A part of the file: its markup with its own origin, and its size. */
interface Sized {
  readonly markup: Markup;
  readonly width: number;
  readonly height: number;
}

/**
 * A figure as an SVG file of its own: panels, legends and marks laid out as on a wide page, in the light palette's
 * colours spelled out, since programs other than browsers read no custom properties. Text stays text.
 * @param title the figure's, for `title`
 * @param note the caption's, for `desc`
 * @param marks printed below the figure: what is painted, procedural or simulated
 */
export function standaloneSvg(
  drawing: Drawing,
  {
    title,
    note,
    marks,
  }: { readonly title: string; readonly note: string; readonly marks: readonly string[] },
): string {
  const inner = Math.max(240, ...drawing.map((row) => rowPart(row).width));
  const parts = [
    ...drawing.flatMap((row) => [rowPart(row), ...(row.keys ? [legendPart(row.keys, inner)] : [])]),
    ...(marks.length > 0 ? [marksPart(marks, inner)] : []),
  ];
  let y = margin;
  const placed = parts.map(({ markup, height }) => {
    const g = html`<g transform="translate(${margin},${y})">${markup}</g>\n`;
    y += height + gap;
    return g;
  });
  const [width, height] = [inner + 2 * margin, y - gap + margin];
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" color="var(--ink)" fill="currentColor" font-family="Helvetica, Arial, sans-serif" font-size="${fontSize}">
${described(title, note)}
<rect width="${width}" height="${height}" fill="var(--paper)"/>
${placed}</svg>
`;
  return spelledOut(svg.markup);
}

/** Custom properties and `currentColor` replaced by the light palette's colours. */
const spelledOut = (markup: string): string =>
  markup
    .replace(/var\(--([a-z0-9-]+)\)/g, (_, name: keyof typeof light) => light[name])
    .replaceAll("currentColor", light.ink);

function rowPart({ panels, layout }: Row): Sized {
  const columns = Math.min(panels.length, layout === "small" ? 4 : 3);
  const titled = panels.some(({ title }) => title !== "") ? titleHeight : 0;
  const cellWidth = Math.max(...panels.map(({ picture }) => picture.width));
  const cellHeight = titled + Math.max(...panels.map(({ picture }) => picture.height));
  const markup = html`${panels.map((panel, i) => {
    const x = (i % columns) * (cellWidth + gap);
    const y = Math.floor(i / columns) * (cellHeight + gap);
    // Bottoms in line, as on the page.
    const top = y + cellHeight - panel.picture.height;
    return panelMarkup(panel, x, top);
  })}`;
  const lines = Math.ceil(panels.length / columns);
  return {
    markup,
    width: columns * (cellWidth + gap) - gap,
    height: lines * (cellHeight + gap) - gap,
  };
}

function panelMarkup({ title, picture }: Panel, x: number, y: number): Markup {
  const nested = picture.markup.replace(/^<svg /, `<svg x="${x}" y="${y}" overflow="visible" `);
  return html`${title !== "" && html`<text x="${x}" y="${y - 7}" font-weight="600">${title}</text>`}${trusted(nested)}\n`;
}

const widthOf = (text: string): number => text.length * fontSize * characterWidth;

function legendPart(keys: readonly Key[], width: number): Sized {
  let [x, line] = [0, 0];
  const placed = keys.map(({ name, width: w, height: h, swatch }): Part => {
    const whole = w + 7 + widthOf(name) + 16;
    if (x > 0 && x + whole > width) [x, line] = [0, line + 1];
    const middle = line * lineHeight + lineHeight / 2;
    const entry = html`<g transform="translate(${x},${middle - h / 2})">${swatch}</g><text x="${x + w + 7}" y="${middle + 4}">${name}</text>\n`;
    x += whole;
    return entry;
  });
  return { markup: html`${placed}`, width, height: (line + 1) * lineHeight };
}

function marksPart(marks: readonly string[], width: number): Sized {
  const lines = wrap(`${marks.join(". ")}.`, Math.floor(width / (fontSize * characterWidth)));
  return {
    markup: html`<text font-weight="600" fill="var(--warn)">${lines.map(
      (line, i) => html`<tspan x="0" y="${i * lineHeight + 12}">${line}</tspan>`,
    )}</text>`,
    width,
    height: lines.length * lineHeight,
  };
}
