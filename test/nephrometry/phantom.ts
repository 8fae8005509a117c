import { lpsDirection, type Vec3, type Volume } from "../../src/volume/index.ts";

/** A sphere, LPS mm; the kidneys' centres lie at L = ±55, P = 0, S = 0. */
export interface Ball {
  readonly center: Vec3;
  readonly radius: number;
}

export interface PhantomOptions {
  readonly spacing?: Vec3;
  readonly sides?: readonly ("left" | "right")[];
  readonly tumors?: readonly Ball[];
  readonly cysts?: readonly Ball[];
  /** Kidney across the spine, between the lower poles. */
  readonly isthmus?: boolean;
}

const inside = ({ center, radius }: Ball, [l, p, s]: Vec3) =>
  (l - center[0]) ** 2 + (p - center[1]) ** 2 + (s - center[2]) ** 2 <= radius ** 2;

/**
 * Kidneys as ellipsoids of 28 × 25 × 55 mm half-axes at L = ±55, each with a sinus: an ellipsoid of 20 × 9 × 22 mm
 * half-axes 13 mm towards the spine from the kidney's centre, open there. Tumours and cysts are spheres.
 */
export function phantom({
  spacing = [1, 1, 1],
  sides = ["right", "left"],
  tumors = [],
  cysts = [],
  isthmus = false,
}: PhantomOptions): Volume<Uint8Array> {
  const low: Vec3 = [-110, -70, -85];
  const size = low.map((x, a) => Math.ceil((-2 * x) / spacing[a])) as unknown as Vec3;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const at: Vec3 = [low[0] + i * spacing[0], low[1] + j * spacing[1], low[2] + k * spacing[2]];
        const [l, p, s] = at;
        const lateral = Math.abs(l) - 55;
        const here = sides.includes(l < 0 ? "right" : "left");
        const kidney = (lateral / 28) ** 2 + (p / 25) ** 2 + (s / 55) ** 2 <= 1;
        const sinus = ((lateral + 13) / 20) ** 2 + (p / 9) ** 2 + (s / 22) ** 2 <= 1;
        const bridge = isthmus && Math.abs(l) < 55 && p ** 2 + (s + 40) ** 2 <= 64;
        if ((here && kidney && !sinus) || bridge) data[n] = 1;
        if (cysts.some((ball) => inside(ball, at))) data[n] = 3;
        if (tumors.some((ball) => inside(ball, at))) data[n] = 2;
      }
  return { size, spacing, origin: low, direction: lpsDirection, data };
}

/** The same voxels in the same places, stored with other axes. */
export function restored(
  { size, spacing, origin, direction, data }: Volume<Uint8Array>,
  axes: Vec3,
  flips: readonly boolean[],
): Volume<Uint8Array> {
  const pick = (values: Vec3): Vec3 => [values[axes[0]], values[axes[1]], values[axes[2]]];
  const out = new Uint8Array(data.length);
  const newSize = pick(size);
  const strides = [1, size[0], size[0] * size[1]];
  const index = [0, 0, 0];
  for (let n = 0; n < out.length; n++) {
    index[0] = n % newSize[0];
    index[1] = Math.floor(n / newSize[0]) % newSize[1];
    index[2] = Math.floor(n / (newSize[0] * newSize[1]));
    let from = 0;
    for (let d = 0; d < 3; d++) from += strides[axes[d]] * (flips[d] ? newSize[d] - 1 - index[d] : index[d]);
    out[n] = data[from];
  }
  const ways = axes.map((a, d) => direction[a].map((x) => (flips[d] ? -x : x)) as unknown as Vec3);
  const start = [...origin];
  for (const [d, a] of axes.entries())
    if (flips[d]) for (let c = 0; c < 3; c++) start[c] += direction[a][c] * spacing[a] * (size[a] - 1);
  return {
    size: newSize,
    spacing: pick(spacing),
    origin: [start[0], start[1], start[2]],
    direction: [ways[0], ways[1], ways[2]],
    data: out,
  };
}
