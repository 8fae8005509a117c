import { maskBetween } from "../../../numerics/volume/index.ts";

/** What a mask is at one place: what was drawn there, or nothing (`mask` undefined) where it could have been. */
export interface DrawnPlane {
  /** mm along the normal. */
  readonly depth: number;
  readonly mask: Uint8Array | undefined;
}

interface PlanesOptions {
  /** Pixels and mm along rows and columns. */
  readonly size: readonly [number, number];
  readonly spacing: readonly [number, number];
  /** Whether an end tapers towards the next place; else the place between is empty. */
  readonly tapers: boolean;
}

/** Planes no further apart than this part of the distance between places drawn are the same. */
const same = 0.05;

/**
 * A mask's planes at given depths: what was drawn where a place is, interpolated between the two places around it where
 * none is, and beyond the outermost places as there.
 *
 * @param drawn in order of depth, at least one
 * @param depths mm
 */
export function planesAt(
  drawn: readonly DrawnPlane[],
  depths: readonly number[],
  { size, spacing, tapers }: PlanesOptions,
): { data: Uint8Array<ArrayBuffer>; interpolated: number[] } {
  const area = size[0] * size[1];
  const data = new Uint8Array(area * depths.length);
  const interpolated: number[] = [];
  const nothing = new Uint8Array(area);
  for (const [k, depth] of depths.entries()) {
    const next = drawn.findIndex((place) => place.depth >= depth);
    const above = drawn[next < 0 ? drawn.length - 1 : next];
    const below = drawn[next < 0 ? drawn.length - 1 : Math.max(next - 1, 0)];
    const gap = above.depth - below.depth;
    const part = gap > 0 ? (depth - below.depth) / gap : 0;
    const plane = data.subarray(k * area, (k + 1) * area);
    if (part <= same || part >= 1 - same) {
      const { mask } = part <= same ? below : above;
      if (mask) plane.set(mask);
    } else if (tapers ? (below.mask ?? above.mask) : below.mask && above.mask) {
      plane.set(maskBetween(below.mask ?? nothing, above.mask ?? nothing, part, size, spacing));
      interpolated.push(k);
    }
  }
  return { data, interpolated };
}
