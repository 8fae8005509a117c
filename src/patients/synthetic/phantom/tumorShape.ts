import type { Random } from "../../../base/random.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";
import { type KidneyShape, norm, surfacePoint } from "./kidneyShape.ts";

/** A lobulated ellipsoid in the kidney's own axes, mm. */
export interface TumorShape {
  readonly center: Vec3;
  /** Half axes along a, b, c; the longest is half the tumour's size. */
  readonly half: Vec3;
  /** How deep lobes and furrows are, as a share of the radius. */
  readonly lobulation: number;
  /** How far the kidney is drawn out around the tumour, as a share of the kidney's radius. */
  readonly splay: number;
}

/** Deepest a tumour reaches into a kidney, as a share of the kidney's smallest diameter. */
const deepest = 0.9;

/**
 * Places a tumour of a size on or in a kidney: anywhere along it and around it (rarely at the hilum itself),
 * from wholly inside to almost wholly outside. A large tumour cannot be inside.
 */
export function drawTumorShape(kidney: KidneyShape, sizeMm: number, r: Random): TumorShape {
  const radius = sizeMm / 2;
  // Poles more often than their share of the surface.
  const t = (r.uniform() < 0.5 ? -0.94 : 0.94) * r.uniform() ** 0.7;
  const hilar = r.uniform() < 0.15;
  const angle = hilar ? (r.uniform() - 0.5) * 1.6 : Math.PI + (r.uniform() - 0.5) * 4.4;
  const { point, normal } = surfacePoint(kidney, angle, t);
  const room = (deepest * 2 * Math.min(...kidney.half)) / sizeMm;
  // Share of the diameter that lies outside; below 0 the tumour does not reach the surface.
  const outside = Math.max(-0.4 + 1.1 * r.uniform(), 1 - room);
  const shift = radius * (2 * outside - 1);
  const ratios = [1, 0.84 + 0.16 * r.uniform(), 0.82 + 0.18 * r.uniform()];
  r.shuffle(ratios);
  return {
    center: [point[0] + shift * normal[0], point[1] + shift * normal[1], point[2] + shift * normal[2]],
    half: [radius * ratios[0], radius * ratios[1], radius * ratios[2]],
    lobulation: 0.04 + 0.06 * r.uniform(),
    splay: Math.max(0.5 * r.uniform() - 0.1, 0),
  };
}

/** Ellipsoid radius of a point: below 1 inside. */
export const tumorRadius = ({ center, half }: TumorShape, a: number, b: number, c: number): number =>
  norm((a - center[0]) / half[0], (b - center[1]) / half[1], (c - center[2]) / half[2]);
