import type { Vec3 } from "../../../numerics/volume/index.ts";
import { dilateBox, maskWhere } from "./inPlane.ts";

/** First and last slice k, both included; nothing lies between lines whose first is above the last. */
export type Lines = readonly [first: number, last: number];

/**
 * The polar lines as Heller et al. find them: the slices where sinus or collecting system, drawn with the sinus' hull,
 * comes to lie beside what is outside the kidney's outline. Since the sinus itself keeps one voxel away from there,
 * it takes the drawn hull's rounding to get beside it: in many masks one slice is found, or none.
 * Of one slice alone, the other line is taken to lie above the kidney and nothing between them, as theirs is.
 */
export function drawnLines(
  sinus: Uint8Array,
  collectingSystem: Uint8Array,
  outline: Uint8Array,
  size: Vec3,
): Lines | undefined {
  const lines = openLines(sinus, collectingSystem, outline, size);
  return lines && lines[0] === lines[1] ? [size[2], lines[0]] : lines;
}

/** The slices where sinus or collecting system lies beside what is outside the kidney's outline. */
export function openLines(
  sinus: Uint8Array,
  collectingSystem: Uint8Array,
  outline: Uint8Array,
  size: Vec3,
): Lines | undefined {
  const reach = dilateBox(union(sinus, collectingSystem), size, [1, 1, 0]);
  return span(size, (n) => reach[n] === 1 && outline[n] === 0);
}

/** The slices where the hilum's hollow holds sinus: where the kidney's medial lip is interrupted. */
export const hilumLines = (sinus: Uint8Array, hilum: Uint8Array, size: Vec3): Lines | undefined =>
  span(size, (n) => sinus[n] === 1 && hilum[n] === 1);

/** The slices that hold sinus or collecting system: PADUA's sinus lines. */
export const zoneLines = (sinus: Uint8Array, collectingSystem: Uint8Array, size: Vec3): Lines | undefined =>
  span(size, (n) => sinus[n] === 1 || collectingSystem[n] === 1);

const union = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> =>
  maskWhere(a.length, (n) => (a[n] | b[n]) === 1);

/** First and last slice with a voxel for which `holds`. */
function span([nx, ny, nz]: Vec3, holds: (n: number) => boolean): Lines | undefined {
  const area = nx * ny;
  const found = (k: number) => {
    for (let n = k * area; n < (k + 1) * area; n++) if (holds(n)) return true;
    return false;
  };
  let first = 0;
  while (first < nz && !found(first)) first++;
  if (first === nz) return undefined;
  let last = nz - 1;
  while (!found(last)) last--;
  return [first, last];
}
