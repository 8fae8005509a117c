import type { Random } from "../../../../base/random.ts";
import { indexToPatient } from "../../../../numerics/volume/index.ts";
import type { Region } from "./region.ts";
import { smoothField } from "./smoothField.ts";
import type { TissueMap } from "./tissues.ts";
import { tissueCode } from "./tissues.ts";

/**
 * What lies around the kidney: perirenal fat of a patient's own thickness, then psoas, spine, back and flank
 * muscle, liver or spleen, bowel, and the renal vessels from the hilum to the great vessels. A sketch: placed by
 * the kidney's centre and side, pushed back by kidney and tumour, the same for any labels.
 */
export function paintSurroundings(
  { tissue }: TissueMap,
  { mask, side }: Region,
  { filled, outside }: { readonly filled: Uint8Array; readonly outside: Float32Array },
  random: Random,
): void {
  const { data, size, spacing } = mask;
  const [nx, ny, nz] = size;
  const wave = smoothField(size, spacing, 28, random);
  const loops = smoothField(size, spacing, 20, random);
  const fat = 9 + 9 * random.uniform();
  // On a coarse grid so thin a sheet would break into dots.
  const fascia = spacing[0] <= 1.25 ? 0.7 : 0;
  const habitus = 0.9 + 0.25 * random.uniform();
  const { kidney, hilum } = centers(mask, filled);
  const { offset: origin } = indexToPatient(mask);
  const medialSign = side === "left" ? -1 : 1;
  const place = tissueBeyond(habitus);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (data[n] !== 0) continue;
        const x = origin[0] + i * spacing[0];
        const y = origin[1] + j * spacing[1];
        const z = origin[2] + k * spacing[2];
        const vessel =
          filled[n] === 0 ? vesselAt(medialSign * (x - hilum[0]), hilum[1] - y, z - hilum[2]) : 0;
        if (vessel !== 0) {
          tissue[n] = vessel;
          continue;
        }
        const near = fat + 3 * wave[n];
        tissue[n] =
          outside[n] < near
            ? tissueCode.fat
            : outside[n] < near + fascia
              ? tissueCode.strand
              : place(medialSign * (x - kidney[0]), kidney[1] - y, z - kidney[2], wave[n], loops[n]);
      }
}

/** Renal vein (in front) and artery, mm medial, anterior and superior of the hilum. */
function vesselAt(medial: number, anterior: number, superior: number): number {
  if (medial < 0) return 0;
  const away = 0.3 * medial;
  if (Math.hypot(anterior - away, superior - 2) < 5) return tissueCode.vein;
  if (Math.hypot(anterior - 0.12 * medial + 7, superior + 3) < 2.8) return tissueCode.artery;
  return 0;
}

/** The tissue at a place, mm medial, anterior and superior of the kidney's centre, beyond the perirenal fat. */
function tissueBeyond(habitus: number) {
  const inside = (u: number, v: number, a: number, b: number) => (u / a) ** 2 + (v / b) ** 2 < 1;
  return (medial: number, anterior: number, superior: number, wave: number, loops: number): number => {
    const m = medial / habitus;
    const a = anterior / habitus;
    if (inside(m - 70, a - 4, 24, 19)) return tissueCode.bone;
    if (inside(m - 62, a - 32, 11, 11)) return tissueCode.artery;
    if (inside(m - 42 - 0.12 * superior, a + 12, 16 - 0.06 * superior, 19 + wave)) return tissueCode.muscle;
    if (a < -36 - 2 * wave + 0.004 * m * m) return tissueCode.muscle;
    if (m < -46 + 3 * wave) return superior > -5 + 8 * wave ? tissueCode.organ : tissueCode.muscle;
    if (-0.55 * m + 0.8 * a > 30 + 4 * wave && superior > -30 + 10 * wave) return tissueCode.organ;
    if (a > 26 && loops > -0.1) return tissueCode.bowel;
    return tissueCode.fat;
  };
}

/** Centre of the kidney, and of its sinus (of the kidney again where it has none), LPS mm. */
function centers(mask: Region["mask"], filled: Uint8Array) {
  const { data, size, spacing } = mask;
  const { offset: o } = indexToPatient(mask);
  const kidney = [0, 0, 0, 0];
  const sinus = [0, 0, 0, 0];
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const sums = data[n] === 1 ? kidney : data[n] === 0 && filled[n] !== 0 ? sinus : undefined;
        if (!sums) continue;
        sums[0] += i;
        sums[1] += j;
        sums[2] += k;
        sums[3]++;
      }
  const point = ([i, j, k, count]: number[]) =>
    [i, j, k].map((s, a) => o[a] + (spacing[a] * s) / Math.max(count, 1));
  return { kidney: point(kidney), hilum: point(sinus[3] > 50 ? sinus : kidney) };
}
