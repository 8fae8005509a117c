import type { Vec3 } from "../../../numerics/volume/index.ts";

/** A body whose surface is where `distance` is 0; within `box`, mm. */
export interface Shape {
  readonly center: Vec3;
  /** Half edges of the box that holds it. */
  readonly half: Vec3;
  /** Signed distance from the surface, about, mm: below 0 inside. `n` is the voxel, for what varies by fields. */
  distance(x: number, y: number, z: number, n: number): number;
}

/**
 * Signed distance from an ellipsoid with half axes along x, y, z: exact on the surface, first-order around it
 * (r − 1 over the length of r's gradient).
 */
export function ellipsoidDistance(x: number, y: number, z: number, half: Vec3): number {
  const a = half[0];
  const b = half[1];
  const c = half[2];
  const u = x / a;
  const v = y / b;
  const w = z / c;
  const r = Math.sqrt(u * u + v * v + w * w);
  if (r < 1e-6) return -Math.min(a, b, c);
  const gradient = Math.sqrt((u / a) ** 2 + (v / b) ** 2 + (w / c) ** 2) / r;
  return (r - 1) / gradient;
}

/** An ellipsoid, turned by `turn` radians about z (from left to back) and by `tilt` about y (head to the left). */
export function ellipsoid(center: Vec3, half: Vec3, turn = 0, tilt = 0): Shape {
  const [ct, st, ci, si] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  const reach = turn === 0 && tilt === 0 ? half : ([0, 1, 2].map(() => Math.max(...half)) as unknown as Vec3);
  return {
    center,
    half: reach,
    distance(px, py, pz) {
      const x = px - center[0];
      const y = py - center[1];
      const z = pz - center[2];
      const u = ci * x - si * z;
      return ellipsoidDistance(ct * u + st * y, ct * y - st * u, si * x + ci * z, half);
    },
  };
}

/** A straight piece of tube between two points, its radius changing linearly, with round ends. */
export function segment(p: Vec3, q: Vec3, rp: number, rq = rp): Shape {
  const [x, y, z] = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
  const square = Math.max(x * x + y * y + z * z, 1e-9);
  const reach = Math.max(rp, rq);
  return {
    center: [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2],
    half: [Math.abs(x) / 2 + reach, Math.abs(y) / 2 + reach, Math.abs(z) / 2 + reach],
    distance(px, py, pz) {
      const u = px - p[0];
      const v = py - p[1];
      const w = pz - p[2];
      const t = Math.min(Math.max((u * x + v * y + w * z) / square, 0), 1);
      const a = u - t * x;
      const b = v - t * y;
      const c = w - t * z;
      return Math.sqrt(a * a + b * b + c * c) - rp - t * (rq - rp);
    },
  };
}

/** A tube along points, a radius for each (or one for all): its pieces. */
export const tube = (points: readonly Vec3[], radii: number | readonly number[]): Shape[] =>
  points.slice(1).map((q, i) => {
    const r = (n: number) => (typeof radii === "number" ? radii : radii[n]);
    return segment(points[i], q, r(i), r(i + 1));
  });

/** What of a shape lies where another's distance is below 0; the second need not be a Shape. */
export const within = (shape: Shape, limit: Shape["distance"]): Shape => ({
  ...shape,
  distance: (x, y, z, n) => Math.max(shape.distance(x, y, z, n), limit(x, y, z, n)),
});

/** A shape without what another fills. */
export const without = (shape: Shape, hole: Shape): Shape =>
  within(shape, (x, y, z, n) => -hole.distance(x, y, z, n));

/** A shape grown (or, below 0, shrunk) by some mm, which may vary. */
export const grown = (shape: Shape, by: number | ((n: number) => number), most = 0): Shape => ({
  center: shape.center,
  half: shape.half.map((h) => h + (typeof by === "number" ? Math.max(by, 0) : most)) as unknown as Vec3,
  distance: (x, y, z, n) => shape.distance(x, y, z, n) - (typeof by === "number" ? by : by(n)),
});
