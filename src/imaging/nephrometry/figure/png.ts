import { encode } from "fast-png";
import { glyph } from "./font.ts";
import type { Color, Scene, Shape } from "./scene.ts";

/** Pixels of the image a px of the scene, along each axis. */
const scale = 2;
/** Samples a pixel along each axis. */
const samples = 2;
const zoom = scale * samples;

/** Letters' height and advance as parts of the font's size. */
const letterHeight = 0.72;
const letterAdvance = 0.5;

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A scene as a PNG of twice its size, for places that take no SVG. */
export function scenePng(scene: Scene): Uint8Array {
  const width = Math.round(scene.width * zoom);
  const height = Math.round(scene.height * zoom);
  const canvas: Canvas = { width, height, rgb: new Uint8Array(3 * width * height).fill(255) };
  for (const shape of scene.shapes) draw(canvas, shape);
  return encode(averaged(canvas));
}

function draw(canvas: Canvas, shape: Shape): void {
  if (shape.kind === "area") fill(canvas, shape.loops, shape.fill, shape.opacity);
  else if (shape.kind === "line") {
    const { points, closed, dash, width, color } = shape;
    const path = closed ? [...points, points[0], points[1]] : points;
    for (const segment of dash ? dashes(path, dash) : segments(path))
      fill(canvas, [thick(segment, width)], color);
  } else write(canvas, shape);
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

const segments = (points: readonly number[]): Segment[] =>
  Array.from({ length: points.length / 2 - 1 }, (_, n): Segment => {
    const [x0, y0, x1, y1] = points.slice(2 * n, 2 * n + 4);
    return [x0, y0, x1, y1];
  });

/** Each straight piece cut into dashes, anew from its start. */
const dashes = (points: readonly number[], [on, off]: readonly [number, number]): Segment[] =>
  segments(points).flatMap(([x0, y0, x1, y1]) => {
    const length = Math.hypot(x1 - x0, y1 - y0);
    return Array.from({ length: Math.ceil(length / (on + off)) }, (_, n): Segment => {
      const [a, b] = [(n * (on + off)) / length, Math.min(1, (n * (on + off) + on) / length)];
      return [x0 + a * (x1 - x0), y0 + a * (y1 - y0), x0 + b * (x1 - x0), y0 + b * (y1 - y0)];
    });
  });

/** A segment as a rectangle, half its width longer at each end, so that corners close. */
function thick([x0, y0, x1, y1]: Segment, width: number): number[] {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [u, v] = [((x1 - x0) / length) * (width / 2), ((y1 - y0) / length) * (width / 2)];
  return [x0 - u - v, y0 - v + u, x1 + u - v, y1 + v + u, x1 + u + v, y1 + v - u, x0 - u + v, y0 - v - u];
}

function write(
  canvas: Canvas,
  { x, y, text, size, bold, anchor, color = "#1a1a1a" }: Shape & { kind: "text" },
): void {
  const advance = letterAdvance * size;
  const dot = [advance / 6, (letterHeight * size) / 7];
  const whole = advance * text.length;
  let left = anchor === "end" ? x - whole : anchor === "middle" ? x - whole / 2 : x;
  for (const letter of text) {
    for (const [c, column] of glyph(letter).entries())
      for (let row = 0; row < 8; row++) {
        if (((column >> row) & 1) === 0) continue;
        const [px, py] = [left + c * dot[0], y + (row - 7) * dot[1]];
        const right = px + dot[0] * (bold ? 1.5 : 1.1);
        fill(canvas, [[px, py, right, py, right, py + dot[1] * 1.05, px, py + dot[1] * 1.05]], color);
      }
    left += advance;
  }
}

/** Even–odd fill: a sample is inside where its centre is. */
function fill(
  { width, height, rgb }: Canvas,
  loops: readonly (readonly number[])[],
  color: Color,
  opacity = 1,
): void {
  const paint = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const edges = loops.flatMap((loop) => segments([...loop, loop[0], loop[1]]));
  const rows = new Map<number, number[]>();
  for (const edge of edges) {
    const [x0, y0, x1, y1] = edge.map((v) => v * zoom);
    const from = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
    const to = Math.min(height - 1, Math.ceil(Math.max(y0, y1) - 0.5) - 1);
    for (let row = from; row <= to; row++) {
      const at = x0 + ((row + 0.5 - y0) / (y1 - y0)) * (x1 - x0);
      const list = rows.get(row);
      if (list) list.push(at);
      else rows.set(row, [at]);
    }
  }
  for (const [row, crossings] of rows) {
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const from = Math.max(0, Math.ceil(crossings[c] - 0.5));
      const to = Math.min(width, Math.ceil(crossings[c + 1] - 0.5));
      for (let at = 3 * (row * width + from); at < 3 * (row * width + to); at++)
        rgb[at] += (paint[at % 3] - rgb[at]) * opacity;
    }
  }
}

/** The image, each pixel the mean of its samples. */
function averaged({ width, height, rgb }: Canvas) {
  const [w, h] = [Math.floor(width / samples), Math.floor(height / samples)];
  const data = new Uint8Array(3 * w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let s = 0; s < samples * samples; s++) {
          const [dx, dy] = [s % samples, Math.floor(s / samples)];
          sum += rgb[3 * ((y * samples + dy) * width + x * samples + dx) + c];
        }
        data[3 * (y * w + x) + c] = Math.round(sum / samples ** 2);
      }
  return { width: w, height: h, data, channels: 3 as const, depth: 8 as const };
}
