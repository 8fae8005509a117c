import { derivedSeed } from "../../../base/random.ts";
import { gaussianBlur, halfKernel } from "../../../numerics/volume/gaussianBlur.ts";
import type { Geometry, Vec3 } from "../../../numerics/volume/index.ts";
import { normalLevel } from "../paint/scanner/normalLevel.ts";
import type { ScannerStyle } from "../paint/scanner/scanner.ts";
import { noiseLeft } from "../paint/scanner/scannerNoise.ts";
import { draws } from "./draws.ts";
import { hashed } from "./spaceField.ts";

/** How one scan is taken: the painted scanner's style, and what a reconstruction does to a whole trunk. */
export interface Scan extends Omit<ScannerStyle, "delay" | "enhancement"> {
  /** How much darker the middle of the body is than its rim, HU (beam hardening, scatter). */
  readonly cupping: number;
  /** Radius of the reconstructed circle, mm, and its middle along x and y. Beyond it: nothing. */
  readonly field: readonly [radius: number, x: number, y: number];
  /** Streaks along x in low-dose scans: noise through the widest part of the body. */
  readonly photonStarved: number;
}

/** A scanner, protocol and dose beyond what any one centre has: noise of 3 to 30 HU, slices of 0.5 to 5 mm. */
export function drawScan(seed: number): Scan {
  const d = draws(seed, "scan");
  const soft = d.chance(0.55);
  const slice = d.pick([0.6, 1, 1.5, 2, 3, 5]);
  const dose = Math.exp(d.between(Math.log(6), Math.log(27)));
  return {
    noiseSd: soft ? 0.75 * dose : dose,
    noiseGrain: soft ? d.between(0.8, 1.9) : d.between(0.4, 0.9),
    blur: [soft ? d.between(0.7, 1.3) : d.between(0.4, 0.8), 0.4 * slice],
    sharpen: soft ? 0 : d.between(0, 0.9),
    offset: d.between(-8, 8),
    cupping: d.chance(0.3) ? d.between(0, 18) : 0,
    field: d.chance(0.18)
      ? [d.between(150, 190), d.between(-15, 15), d.between(-15, 15)]
      : [d.between(215, 270), 0, 0],
    photonStarved: d.chance(0.15) ? d.between(0.3, 0.9) : 0,
  };
}

/** Voxels by which a grid must be painted wider along each axis, so that no edge of it shows in the blurred image. */
export function frameOf({ spacing }: Geometry, { blur, sharpen, noiseGrain, photonStarved }: Scan): Vec3 {
  const voxels = (mm: number, axis: number) => halfKernel(mm / spacing[axis]).length - 1;
  return [0, 1, 2].map((axis) => {
    const painted =
      voxels(blur[axis === 2 ? 1 : 0], axis) + (axis < 2 && sharpen > 0 ? voxels(1.2, axis) : 0);
    return Math.max(
      painted,
      voxels(axis === 2 ? 0.5 * noiseGrain : noiseGrain, axis),
      axis === 0 && photonStarved > 0 ? voxels(9, 0) : 0,
    );
  }) as unknown as Vec3;
}

/** The scanned image of painted HU, in place; right but for the frame. */
export function scanImage(hu: Float32Array, grid: Geometry, scan: Scan, seed: number): void {
  const { size, spacing, origin } = grid;
  const sigma = (inPlane: number, across: number): Vec3 => [
    inPlane / spacing[0],
    inPlane / spacing[1],
    across / spacing[2],
  ];
  gaussianBlur(hu, size, sigma(...scan.blur));
  if (scan.sharpen > 0) {
    const softer = hu.slice();
    gaussianBlur(softer, size, sigma(1.2, 0));
    for (let n = 0; n < hu.length; n++) hu[n] += scan.sharpen * (hu[n] - softer[n]);
  }
  const grain = sigma(scan.noiseGrain, 0.5 * scan.noiseGrain);
  const noise = placedNoise(grid, grain, derivedSeed(seed, "noise"));
  const streaks =
    scan.photonStarved > 0
      ? placedNoise(grid, [9 / spacing[0], 0, 0], derivedSeed(seed, "starved"))
      : undefined;
  const [radius, fx, fy] = scan.field;
  const [nx, ny, nz] = size;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const [x, y] = [origin[0] + i * spacing[0], origin[1] + j * spacing[1]];
        if ((x - fx) ** 2 + (y - fy) ** 2 > radius * radius) {
          hu[n] = -1024;
          continue;
        }
        // Noise is strongest in the middle, where most photons are lost.
        const central = 1.15 - 0.45 * Math.min((x * x + y * y) / 32400, 1);
        let value = hu[n] + scan.offset + scan.noiseSd * central * noise[n];
        if (streaks) value += scan.noiseSd * scan.photonStarved * central * streaks[n];
        if (hu[n] > -300) value -= scan.cupping * Math.max(1 - (x * x + y * y) / 22500, 0);
        hu[n] = Math.min(Math.max(Math.round(value), -1024), 3071);
      }
}

/** Correlated noise of SD 1 that follows from each voxel's place, so that a patch has the noise of its whole. */
function placedNoise({ size, spacing, origin }: Geometry, sigma: Vec3, seed: number): Float32Array {
  const [nx, ny, nz] = size;
  const [i0, j0, k0] = origin.map((o, a) => Math.round(o / spacing[a]));
  const noise = new Float32Array(nx * ny * nz);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) noise[n] = normalLevel(hashed(seed, i0 + i, j0 + j, k0 + k));
  gaussianBlur(noise, size, sigma);
  const factor = 1 / noiseLeft(sigma);
  for (let n = 0; n < noise.length; n++) noise[n] *= factor;
  return noise;
}
