import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { Canvas } from "./canvas.ts";
import { draws } from "./draws.ts";
import { toPatient } from "./warp.ts";

/** Metal at a place of the body, and how strong its streaks are, HU beside it. */
export interface Metal {
  readonly at: Vec3;
  readonly strength: number;
}

/** Bright and dark rays around metal, in its slices only; a sketch of what missing projections do. */
export function addStreaks({ grid, hu }: Canvas, seed: number, metals: readonly Metal[]): void {
  const [nx, ny, nz] = grid.size;
  metals.forEach(({ at, strength }, m) => {
    const d = draws(seed, "streaks", m);
    const [cx, cy, cz] = toPatient(seed, at);
    const waves = Array.from({ length: 7 }, () => [
      d.count(1, 12) * 2,
      d.between(0, 2 * Math.PI),
      d.normal(),
    ]);
    const rays = Float32Array.from({ length: 720 }, (_, a) =>
      waves.reduce((sum, [k, phase, w]) => sum + w * Math.cos((k * a * Math.PI) / 360 + phase), 0),
    );
    const reach = 5 + strength / 20;
    for (let k = 0; k < nz; k++) {
      const off = grid.origin[2] + k * grid.spacing[2] - cz;
      if (Math.abs(off) > 2 * reach) continue;
      const fade = strength * Math.exp(-((off / reach) ** 2)) * 0.5;
      for (let j = 0; j < ny; j++)
        for (let i = 0, n = nx * (j + ny * k); i < nx; i++, n++) {
          const [x, y] = [
            grid.origin[0] + i * grid.spacing[0] - cx,
            grid.origin[1] + j * grid.spacing[1] - cy,
          ];
          const r = Math.sqrt(x * x + y * y);
          if (r > 160) continue;
          const angle = Math.floor(((Math.atan2(y, x) + Math.PI) * 360) / Math.PI) % 720;
          hu[n] += fade * rays[angle] * (8 / (8 + r) + 0.25 * (1 - r / 160));
        }
    }
  });
}
