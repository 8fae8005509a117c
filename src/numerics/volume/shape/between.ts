import { cropInto, pasteInto } from "../crop.ts";
import type { Vec3 } from "../volume.ts";
import { type Box, boundingBox, boxSize, grownBox } from "./boundingBox.ts";
import { distanceTransform } from "./distance.ts";

/** Float32 rounding, mm: outlines that meet are inside of both. */
const slack = 1e-4;

/**
 * The cross-section `part` (0 … 1) of the way from one to the next: where the mean of the signed distances to both
 * outlines, so weighted, lies inside (shape-based interpolation; Raya, Udupa, IEEE Trans. Med. Imaging 1990;9:32). The
 * mean of occupancies at one half would not move an outline: it keeps the nearer cross-section, and half-way the union.
 * An empty cross-section counts as the other one worn away to a point, so that ends taper as a ball's do.
 *
 * @param size pixels along i and j
 * @param spacing mm along i and j
 */
export function maskBetween(
  below: Uint8Array,
  above: Uint8Array,
  part: number,
  size: readonly [number, number],
  spacing: readonly [number, number],
): Uint8Array<ArrayBuffer> {
  const flat: Vec3 = [size[0], size[1], 1];
  const result = new Uint8Array(below.length);
  const box = bothBox(below, above, flat);
  if (!box) return result;
  const first = signedDistance(below, flat, box, spacing);
  const second = signedDistance(above, flat, box, spacing);
  const [a, b] = [first ?? wornAway(second!), second ?? wornAway(first!)];
  const within = new Uint8Array(a.length);
  for (let n = 0; n < a.length; n++) within[n] = (1 - part) * a[n] + part * b[n] >= -slack ? 1 : 0;
  pasteInto(result, flat, within, box);
  return result;
}

/** Around both, with a pixel of background that may lie outside of the image. */
function bothBox(below: Uint8Array, above: Uint8Array, flat: Vec3): Box | undefined {
  const boxes = [below, above].flatMap((mask) => boundingBox(mask, flat) ?? []);
  if (boxes.length === 0) return undefined;
  const [start, end] = [boxes.map((box) => box.start), boxes.map((box) => box.end)];
  const low = (axis: number) => Math.min(...start.map((at) => at[axis]));
  const high = (axis: number) => Math.max(...end.map((at) => at[axis]));
  return grownBox({ start: [low(0), low(1), 0], end: [high(0), high(1), 1] }, 1, [1, 1, Infinity]);
}

/** Distance to the outline, mm, above 0 inside; undefined where nothing is inside. */
function signedDistance(
  mask: Uint8Array,
  flat: Vec3,
  box: Box,
  [across, down]: readonly [number, number],
): Float32Array | undefined {
  const size = boxSize(box);
  const part = new Uint8Array(size[0] * size[1]);
  cropInto(part, mask, flat, box);
  if (!part.includes(1)) return undefined;
  const spacing: Vec3 = [across, down, 1];
  const outside = distanceTransform(part, size, spacing);
  const inside = distanceTransform(
    part.map((value) => 1 - value),
    size,
    spacing,
  );
  // The outline runs half-way between the centres of pixels.
  const half = Math.min(across, down) / 2;
  return inside.map((mm, n) => (mm > 0 ? mm - half : half - outside[n]));
}

const wornAway = (distance: Float32Array): Float32Array => {
  const deepest = distance.reduce((a, b) => Math.max(a, b));
  return distance.map((mm) => mm - deepest);
};
