import type { SurfaceDistances } from "./surfaceDistances.ts";

/**
 * Average symmetric surface distance, mm: the mean distance of both surfaces' elements to the other surface, by area
 * (Heimann et al., IEEE Trans. Med. Imaging 2009;28:1251, with elements weighted by what they cover).
 */
export function averageSurfaceDistance({ reference, predicted }: SurfaceDistances): number {
  let [sum, all] = [0, 0];
  for (const { distances, areas } of [reference, predicted])
    for (let n = 0; n < areas.length; n++) {
      sum += distances[n] * areas[n];
      all += areas[n];
    }
  return sum / all;
}
