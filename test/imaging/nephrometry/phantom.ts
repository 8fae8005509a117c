import { lpsDirection, type Vec3, type Volume } from "../../../src/numerics/volume/index.ts";

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
  /** Sets the voxels whose centre lies in an ellipsoid; tumours and cysts, painted later, cover what is there. */
  const paint = (center: Vec3, half: Vec3, label: number, where = (_n: number) => true) => {
    const range = (a: number) => [
      Math.max(0, Math.ceil((center[a] - half[a] - low[a]) / spacing[a] - 1e-9)),
      Math.min(size[a] - 1, Math.floor((center[a] + half[a] - low[a]) / spacing[a] + 1e-9)),
    ];
    const [[i0, i1], [j0, j1], [k0, k1]] = [range(0), range(1), range(2)];
    for (let k = k0; k <= k1; k++)
      for (let j = j0; j <= j1; j++) {
        const p = (low[1] + j * spacing[1] - center[1]) / half[1];
        const s = (low[2] + k * spacing[2] - center[2]) / half[2];
        for (let i = i0; i <= i1; i++) {
          const l = (low[0] + i * spacing[0] - center[0]) / half[0];
          const n = i + size[0] * (j + size[1] * k);
          if (l * l + p * p + s * s <= 1 + 1e-12 && where(n)) data[n] = label;
        }
      }
  };
  for (const side of sides) {
    const way = side === "left" ? 1 : -1;
    paint([way * 55, 0, 0], [28, 25, 55], 1);
    paint([way * 42, 0, 0], [20, 9, 22], 0);
  }
  // A cylinder of 8 mm across the spine, as a very long ellipsoid.
  if (isthmus) paint([0, 0, -40], [1e6, 8, 8], 1, (n) => Math.abs(low[0] + (n % size[0]) * spacing[0]) < 55);
  for (const { center, radius } of cysts) paint(center, [radius, radius, radius], 3);
  for (const { center, radius } of tumors) paint(center, [radius, radius, radius], 2);
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
