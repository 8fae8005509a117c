import type { Scene, Shape } from "./scene.ts";

/** A scene as an SVG document that needs nothing else: no style sheet, no font file, no script. */
export function sceneSvg({ width, height, title, description, shapes }: Scene): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" font-family="system-ui, Helvetica, Arial, sans-serif">\n<title>${escaped(title)}</title>\n` +
    `<desc>${escaped(description)}</desc>\n<rect width="${width}" height="${height}" fill="#ffffff"/>\n` +
    `${shapes.map(element).join("\n")}\n</svg>\n`
  );
}

function element(shape: Shape): string {
  if (shape.kind === "area")
    return (
      `<path d="${shape.loops.map((loop) => `${polyline(loop)}Z`).join("")}" fill="${shape.fill}" ` +
      `fill-rule="evenodd"${shape.opacity === undefined ? "" : ` fill-opacity="${shape.opacity}"`}/>`
    );
  if (shape.kind === "line")
    return (
      `<path d="${polyline(shape.points)}${shape.closed ? "Z" : ""}" fill="none" stroke="${shape.color}" ` +
      `stroke-width="${shape.width}"${shape.dash ? ` stroke-dasharray="${shape.dash.join(" ")}"` : ""}/>`
    );
  const { x, y, size, color = "#1a1a1a", bold, anchor = "start" } = shape;
  return (
    `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${color}" text-anchor="${anchor}"` +
    `${bold ? ' font-weight="600"' : ""}>${escaped(shape.text)}</text>`
  );
}

const round = (x: number) => String(Math.round(x * 100) / 100);

function polyline(points: readonly number[]): string {
  let d = "";
  for (let p = 0; p < points.length; p += 2)
    d += `${p === 0 ? "M" : "L"}${round(points[p])} ${round(points[p + 1])}`;
  return d;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
