import type { Random } from "../../../base/random.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";

/**
 * A bean: an ellipsoid whose poles bend towards the hilum, and a sinus that opens there.
 * Its own axes: a from the centre to the hilum, b across, c along to the upper pole; mm.
 */
export interface KidneyShape {
  /** Half axes along a, b, c, mm. */
  readonly half: Vec3;
  /** How far the poles lean to the hilum, mm. */
  readonly bend: number;
  /** Half axes of the sinus, mm, and its centre along a. */
  readonly sinus: Vec3;
  readonly sinusAt: number;
  /** Rows: a, b and c as directions (medial, anterior, superior). */
  readonly axes: readonly [Vec3, Vec3, Vec3];
}

/** About 11 × 5.4 × 4.6 cm, hilum turned forwards, upper pole leaning medially and back. */
export function drawKidney(r: Random): KidneyShape {
  const scale = 1 + 0.07 * r.normal();
  const around = (mm: number, sd: number) => scale * mm * (1 + sd * r.normal());
  const half: Vec3 = [around(27, 0.05), around(23, 0.06), around(55, 0.05)];
  return {
    half,
    bend: 9 + 2.5 * r.normal(),
    sinus: [0.85 * half[0], (0.42 + 0.05 * r.normal()) * half[1], (0.47 + 0.04 * r.normal()) * half[2]],
    sinusAt: (0.62 + 0.05 * r.normal()) * half[0],
    axes: pose(0.42 + 0.2 * r.normal(), 0.26 + 0.1 * r.normal(), 0.17 + 0.1 * r.normal()),
  };
}

/** The same kidney with a sinus so many times as wide: near 0 it is solid throughout. */
export const withSinus = (kidney: KidneyShape, times: number): KidneyShape => ({
  ...kidney,
  sinus: kidney.sinus.map((mm) => times * mm) as unknown as Vec3,
});

/** The frame turned by `turn` about the long axis (hilum forwards), leaning medially and back, radians. */
function pose(turn: number, medial: number, back: number): KidneyShape["axes"] {
  const c: Vec3 = unit([Math.sin(medial), -Math.sin(back), 1]);
  const toward: Vec3 = [Math.cos(turn), Math.sin(turn), 0];
  const along = dot(toward, c);
  const a = unit([toward[0] - along * c[0], toward[1] - along * c[1], toward[2] - along * c[2]]);
  return [a, cross(c, a), c];
}

/** Length of a vector: Math.hypot, which guards against overflow, takes several times as long. */
export const norm = (x: number, y: number, z: number): number => Math.sqrt(x * x + y * y + z * z);

/** Ellipsoid radius of a point in the kidney's own axes: below 1 inside. */
export function kidneyRadius({ half, bend }: KidneyShape, a: number, b: number, c: number): number {
  const straight = a - bend * ((c / half[2]) ** 2 - 0.4);
  return norm(straight / half[0], b / half[1], c / half[2]);
}

/** The same of the sinus. */
export function sinusRadius(
  { half, bend, sinus, sinusAt }: KidneyShape,
  a: number,
  b: number,
  c: number,
): number {
  const straight = a - bend * ((c / half[2]) ** 2 - 0.4);
  return norm((straight - sinusAt) / sinus[0], b / sinus[1], c / sinus[2]);
}

/** A point of the kidney's surface and the outward normal there; `angle` 0 is the hilum, `t` in (−1, 1) along c. */
export function surfacePoint(
  { half, bend }: KidneyShape,
  angle: number,
  t: number,
): { point: Vec3; normal: Vec3 } {
  const s = Math.sqrt(1 - t * t);
  const [x, y, z] = [half[0] * s * Math.cos(angle), half[1] * s * Math.sin(angle), half[2] * t];
  return {
    point: [x + bend * (t * t - 0.4), y, z],
    normal: unit([x / half[0] ** 2, y / half[1] ** 2, z / half[2] ** 2]),
  };
}

/** From the kidney's own axes to (medial, anterior, superior). */
export const toBody = ({ axes: [a, b, c] }: KidneyShape, [x, y, z]: Vec3): Vec3 => [
  a[0] * x + b[0] * y + c[0] * z,
  a[1] * x + b[1] * y + c[1] * z,
  a[2] * x + b[2] * y + c[2] * z,
];

const dot = (p: Vec3, q: Vec3): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
const cross = (p: Vec3, q: Vec3): Vec3 => [
  p[1] * q[2] - p[2] * q[1],
  p[2] * q[0] - p[0] * q[2],
  p[0] * q[1] - p[1] * q[0],
];
function unit(p: Vec3): Vec3 {
  const length = Math.hypot(...p);
  return [p[0] / length, p[1] / length, p[2] / length];
}
