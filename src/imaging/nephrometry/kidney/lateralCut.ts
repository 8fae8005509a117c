import type { Volume } from "../../../numerics/volume/index.ts";

/** Least kidney on either side of a cut, mL. */
const leastMl = 40;
/** Least distance between the two sides' centres from right to left, mm: no single kidney's halves lie so far apart. */
const leastApartMm = 70;

/**
 * Where a component that holds both kidneys (a horseshoe kidney, or two kidneys joined by a tumour) is cut in two:
 * the sagittal plane, between two lobes of at least 40 mL whose centres lie at least 70 mm apart, that holds least
 * kidney. The first index i of the left kidney; undefined for a single kidney.
 *
 * @param lps axes along L, P, S; labels 1 kidney, 3 cyst
 * @param organ voxels equal to `label` are the component
 */
export function lateralCut(
  { data, size: [nx], spacing }: Volume<Uint8Array>,
  label: number,
  organ: Uint8Array,
): number | undefined {
  const profile = new Float64Array(nx);
  for (let n = 0; n < data.length; n++)
    if (organ[n] === label && (data[n] === 1 || data[n] === 3)) profile[n % nx]++;
  const ml = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const total = profile.reduce((s, v) => s + v, 0);
  const moment = profile.reduce((s, v, i) => s + v * i, 0);
  let cut: number | undefined;
  let least = Infinity;
  let voxels = 0;
  let weighted = 0;
  for (let i = 1; i < nx; i++) {
    voxels += profile[i - 1];
    weighted += profile[i - 1] * (i - 1);
    if (voxels * ml < leastMl || (total - voxels) * ml < leastMl) continue;
    const apart = ((moment - weighted) / (total - voxels) - weighted / voxels) * spacing[0];
    if (apart >= leastApartMm && profile[i] < least) {
      least = profile[i];
      cut = i;
    }
  }
  return cut;
}
