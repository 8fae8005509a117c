import { boundingBox, crop, grownBox, type Vec3, type Volume } from "../../../numerics/volume/index.ts";

/** The 13 ways to a neighbouring voxel; the other 13 are their opposites. */
const ways: readonly Vec3[] = [-1, 0, 1]
  .flatMap((i) => [-1, 0, 1].flatMap((j) => [-1, 0, 1].map((k): Vec3 => [i, j, k])))
  .slice(14);

/**
 * Area, mm², of the surface between two masks, by Cauchy's and Crofton's formula: twice the mean, over all directions,
 * of the area that the crossings from one mask to the other show to that direction. Crossings are counted between
 * neighbouring voxels in 13 directions, each of which stands for the part of the sphere nearest to it.
 * Voxel faces alone would count a slanting surface up to 1.7 times (3 ^ 0.5).
 *
 * For tumour and kidney this is the contact surface area (Leslie et al., Eur Urol 2014;66:884), measured, not
 * estimated from a sphere.
 */
export function contactArea(mask: Volume<Uint8Array>, neighbor: Uint8Array): number {
  const tight = boundingBox(mask.data, mask.size);
  if (!tight) return 0;
  const box = grownBox(tight, 1, [1, 1, 1]);
  const { data, size, spacing } = crop(mask, box);
  const other = crop({ ...mask, data: neighbor }, box).data;
  const [nx, ny, nz] = size;
  const voxel = spacing[0] * spacing[1] * spacing[2];
  const weights = shareOfDirections(spacing);
  let area = 0;
  for (const [w, [di, dj, dk]] of ways.entries()) {
    const step = di + nx * (dj + ny * dk);
    let crossings = 0;
    for (let k = Math.max(0, -dk); k < nz - Math.max(0, dk); k++)
      for (let j = Math.max(0, -dj); j < ny - Math.max(0, dj); j++) {
        const row = nx * (j + ny * k);
        for (let n = row + Math.max(0, -di); n < row + nx - Math.max(0, di); n++)
          if ((data[n] !== 0 && other[n + step] !== 0) || (other[n] !== 0 && data[n + step] !== 0))
            crossings++;
      }
    const length = Math.hypot(di * spacing[0], dj * spacing[1], dk * spacing[2]);
    area += (2 * weights[w] * crossings * voxel) / length;
  }
  return area;
}

const samples = 4000;

/** For each way, the part of all directions (sum 1) that it is the nearest to: Voronoi cells on the sphere, sampled. */
function shareOfDirections(spacing: Vec3): number[] {
  const units = ways.map((way) => {
    const mm = way.map((x, a) => x * spacing[a]);
    const length = Math.hypot(...mm);
    return mm.map((x) => x / length);
  });
  const share = new Array<number>(ways.length).fill(0);
  const golden = Math.PI * (3 - Math.sqrt(5));
  for (let s = 0; s < samples; s++) {
    const z = 1 - (2 * s + 1) / samples;
    const r = Math.sqrt(1 - z * z);
    const [x, y] = [r * Math.cos(golden * s), r * Math.sin(golden * s)];
    let best = 0;
    let most = -1;
    for (let w = 0; w < units.length; w++) {
      const u = units[w];
      const cosine = Math.abs(u[0] * x + u[1] * y + u[2] * z);
      if (cosine > most) [best, most] = [w, cosine];
    }
    share[best] += 1 / samples;
  }
  return share;
}
