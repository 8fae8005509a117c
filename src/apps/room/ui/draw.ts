import type { Vec3, Volume } from "../../../numerics/volume/index.ts";
import { dot } from "../../../numerics/volume/vector.ts";
import type { HuVolume } from "../open/image.ts";
import type { View } from "../store/view.ts";
import { huOn, paint } from "../view/gray.ts";
import { type Outlines, outlinesOn, structures } from "../view/outlines.ts";
import { gridOf, type Pixels, placeOf } from "../view/pixels.ts";
import { axesOf, type Plane } from "../view/plane.ts";

/** Of outlines, on dark ground: told apart by people who see no red or green too. */
export const outlineColors = { kidney: "#56b4e9", tumor: "#ffb000", cyst: "#4fd0a5" } as const;

/** What a picture was last made of, so that only what changed is made anew. */
export interface Kept {
  hu?: { readonly key: string; readonly volume: HuVolume; readonly data: Int16Array | Float32Array };
  outlines?: { readonly key: string; readonly mask: Volume; readonly lines: Outlines };
  image?: ImageData;
}

/** Draws a picture on a canvas: grey values, outlines, crosshair. */
export function draw(
  context: CanvasRenderingContext2D,
  kept: Kept,
  pixels: Pixels,
  { window, smooth, crosshair, point, opacity }: View,
  volume: HuVolume,
  mask: Volume<Uint8Array> | undefined,
): void {
  const { columns, rows } = pixels;
  const key = JSON.stringify([pixels, smooth]);
  if (kept.hu?.key !== key || kept.hu.volume !== volume)
    kept.hu = { key, volume, data: huOn(volume, gridOf(pixels), smooth) };
  if (kept.image?.width !== columns || kept.image.height !== rows) kept.image = new ImageData(columns, rows);
  paint(kept.image.data, kept.hu.data, window);
  context.putImageData(kept.image, 0, 0);
  if (mask && opacity > 0)
    drawOutlines(context, outlinesFor(kept, mask, pixels.plane, pixels.middle), pixels, opacity);
  if (crosshair) drawCrosshair(context, placeOf(pixels, point), pixels);
}

function outlinesFor(kept: Kept, mask: Volume<Uint8Array>, plane: Plane, point: Vec3): Outlines {
  const key = `${plane} ${dot(point, axesOf[plane].normal)}`;
  if (kept.outlines?.key !== key || kept.outlines.mask !== mask)
    kept.outlines = { key, mask, lines: outlinesOn(mask, plane, point) };
  return kept.outlines.lines;
}

function drawOutlines(
  context: CanvasRenderingContext2D,
  lines: Outlines,
  pixels: Pixels,
  opacity: number,
): void {
  const [x0, y0] = placeOf(pixels, [0, 0, 0]);
  const scale = 1 / pixels.pitch;
  const ratio = devicePixelRatio;
  context.save();
  context.lineJoin = "round";
  for (const { name } of structures) {
    const path = new Path2D();
    for (const line of lines[name]) {
      for (let n = 0; n < line.length; n += 2) path.lineTo(x0 + line[n] * scale, y0 + line[n + 1] * scale);
      path.closePath();
    }
    context.globalAlpha = 0.5 * opacity;
    context.strokeStyle = "#000";
    context.lineWidth = 3 * ratio;
    context.stroke(path);
    context.globalAlpha = opacity;
    context.strokeStyle = outlineColors[name];
    context.lineWidth = 1.5 * ratio;
    context.stroke(path);
  }
  context.restore();
}

/** Lines with a gap, so that what is pointed at stays free. */
function drawCrosshair(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  { columns, rows }: Pixels,
): void {
  const ratio = devicePixelRatio;
  const gap = 12 * ratio;
  context.save();
  const path = new Path2D();
  const [cx, cy] = [Math.round(x) + 0.5, Math.round(y) + 0.5];
  for (const [ax, ay, bx, by] of [
    [0, cy, cx - gap, cy],
    [cx + gap, cy, columns, cy],
    [cx, 0, cx, cy - gap],
    [cx, cy + gap, cx, rows],
  ]) {
    path.moveTo(ax, ay);
    path.lineTo(bx, by);
  }
  context.lineWidth = ratio;
  context.globalAlpha = 0.55;
  context.strokeStyle = "#7cc4f0";
  context.stroke(path);
  context.restore();
}
