import { quantile } from "../../../numerics/stats/quantile.ts";
import { hullBySlice, indexMap, type Volume, voxelVolumeMl } from "../../../numerics/volume/index.ts";
import { phases, type StudyPhase } from "../case.ts";

/** What a kidney shows of the contrast medium in one phase. */
export interface Enhancement {
  /** Median of the kidney, HU. */
  readonly median: number;
  /** 90th minus 10th percentile of the kidney, HU: cortex against medulla, and noise. */
  readonly spread: number;
  /** Millilitres above 300 HU in and between the kidney's edges: an opacified collecting system. */
  readonly brightMl: number;
}

const brightHu = 300;

/**
 * Measures the kidney with the tumour in an image on any grid of the same patient space.
 *
 * @param kidney 1 kidney, 2 tumour, 3 cyst, nothing of the other kidney
 * @returns undefined where the image covers fewer than 100 voxels of the kidney's inside
 */
export function enhancement(kidney: Volume<Uint8Array>, image: Volume): Enhancement | undefined {
  const { size } = kidney;
  const parenchyma = kidney.data.map((v) => (v === 1 ? 1 : 0));
  const hull = hullBySlice(parenchyma, size);
  const { matrix: m, offset: o } = indexMap(kidney, image);
  const [nx, ny, nz] = image.size;
  const inside: number[] = [];
  let bright = 0;
  for (let k = 1, row = size[0] * size[1]; k < size[2] - 1; k++)
    for (let j = 0; j < size[1]; j++, row += size[0])
      for (let i = 0, n = row; i < size[0]; i++, n++) {
        if (hull[n] === 0 || kidney.data[n] > 1) continue;
        const x = Math.round(m[0] * i + m[1] * j + m[2] * k + o[0]);
        const y = Math.round(m[3] * i + m[4] * j + m[5] * k + o[1]);
        const z = Math.round(m[6] * i + m[7] * j + m[8] * k + o[2]);
        if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
        const hu = image.data[x + nx * (y + ny * z)];
        if (hu > brightHu) bright++;
        if (isInside(parenchyma, n, size)) inside.push(hu);
      }
  if (inside.length < 100) return undefined;
  return {
    median: quantile(inside, 0.5),
    spread: quantile(inside, 0.9) - quantile(inside, 0.1),
    brightMl: bright * voxelVolumeMl(kidney),
  };
}

/** Whether a voxel and its six neighbours are all of the mask: clear of partial volume. */
function isInside(mask: Uint8Array, n: number, [nx, ny]: Volume["size"]): boolean {
  const up = nx * ny;
  return !!(
    mask[n] &&
    mask[n - 1] &&
    mask[n + 1] &&
    mask[n - nx] &&
    mask[n + nx] &&
    mask[n - up] &&
    mask[n + up]
  );
}

/** A kidney with contrast medium lies between these medians, HU (unenhanced 30–50; cortex at its height 250). */
const enhanced = { from: 70, to: 350 };
/** How much more the kidney must spread in another phase than in the corticomedullary one, HU. */
const spreadMargin = 20;
/** How much more must be bright in another phase than in the excretory one, mL. */
const brightMargin = 0.1;
/** How much more the kidney must enhance in the excretory than in the nephrographic phase, HU. */
const washoutMargin = 10;

/**
 * What speaks against the phases being what they are called; empty where nothing does. Each rule compares the images
 * of one patient with each other, since scanners, doses and delays differ between patients:
 *
 * - cortex and medulla differ most in the corticomedullary phase;
 * - the collecting system is brighter than 300 HU in the excretory phase, or in none;
 * - from the nephrographic to the excretory phase the kidney loses contrast medium (unless it is obstructed);
 * - and in any phase a kidney's median lies between 70 and 350 HU: below, there is no contrast medium; far off, the
 *   numbers are no Hounsfield units.
 */
export function phaseDoubts(found: Readonly<Partial<Record<StudyPhase, Enhancement>>>): string[] {
  const { corticomedullary, nephrographic, excretory } = found;
  const known = phases.filter((phase) => found[phase]);
  const strange = known.filter(
    (phase) => found[phase]!.median < enhanced.from || found[phase]!.median > enhanced.to,
  );
  if (strange.length > 0)
    return strange.map(
      (phase) => `the kidney’s median in the ${phase} image is ${found[phase]!.median.toFixed(0)} HU`,
    );

  const doubts: string[] = [];
  for (const phase of known) {
    const { spread, brightMl } = found[phase]!;
    if (corticomedullary && spread > corticomedullary.spread + spreadMargin)
      doubts.push(
        `cortex and medulla differ more in the ${phase} than in the corticomedullary image (${spread.toFixed(0)} v. ${corticomedullary.spread.toFixed(0)} HU): swapped?`,
      );
    if (excretory && brightMl > 2 * excretory.brightMl + brightMargin)
      doubts.push(
        `more of the collecting system is bright in the ${phase} than in the excretory image (${brightMl.toFixed(1)} v. ${excretory.brightMl.toFixed(1)} mL): swapped?`,
      );
  }
  if (nephrographic && excretory && excretory.median > nephrographic.median + washoutMargin)
    doubts.push(
      `the kidney enhances more in the excretory than in the nephrographic image (${excretory.median.toFixed(0)} v. ${nephrographic.median.toFixed(0)} HU): swapped?`,
    );
  return doubts;
}

/** From here on a swap is plain: no right case of 329 painted on real masks and 960 procedural ones came near. */
const plain = { spread: 40, spreadRatio: 1.5, brightMl: 1, brightRatio: 4, unenhanced: 55, enhanced: 110 };

/**
 * Why the phases cannot be what they are called; undefined where they can. Of {@link phaseDoubts} only what is beyond
 * chance, odd kidneys and late scans, for a case is refused on it:
 *
 * - cortex and medulla differ far more in another phase than in the corticomedullary one, and not for an opacified
 *   collecting system in the excretory;
 * - the collecting system is opacified in the nephrographic and hardly in the excretory phase, and the kidney enhances
 *   more in the latter;
 * - a phase has no contrast medium, though the same kidney takes it up in another.
 *
 * Nephrographic and excretory images of a patient whose collecting system does not opacify cannot be told apart.
 */
export function phaseFault(found: Readonly<Partial<Record<StudyPhase, Enhancement>>>): string | undefined {
  const { corticomedullary: first, nephrographic: second, excretory: third } = found;
  const highest = Math.max(...Object.values(found).map(({ median }) => median));
  for (const phase of phases) {
    const own = found[phase];
    if (!own) continue;
    if (own.median < plain.unenhanced && highest >= plain.enhanced)
      return `the ${phase} image shows no contrast medium: the kidney’s median is ${own.median.toFixed(0)} HU, and ${highest.toFixed(0)} HU in another phase`;
    if (
      first &&
      own.spread > Math.max(first.spread + plain.spread, first.spread * plain.spreadRatio) &&
      (phase !== "excretory" || own.brightMl <= first.brightMl + brightMargin)
    )
      return `the ${phase} and the corticomedullary image are swapped, or one is of another phase: cortex and medulla differ more in the former (${own.spread.toFixed(0)} v. ${first.spread.toFixed(0)} HU)`;
  }
  if (
    second &&
    third &&
    second.brightMl > Math.max(plain.brightMl, plain.brightRatio * third.brightMl) &&
    third.median > second.median + washoutMargin
  )
    return `the nephrographic and the excretory image are swapped: more of the collecting system is bright in the former (${second.brightMl.toFixed(1)} v. ${third.brightMl.toFixed(1)} mL)`;
  return undefined;
}
