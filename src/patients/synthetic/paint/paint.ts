import { derivedSeed, random } from "../../../base/random.ts";
import { gaussianBlur } from "../../../numerics/volume/gaussianBlur.ts";
import type { Vec3, Volume } from "../../../numerics/volume/index.ts";
import { phases, type StudyPhase } from "../../cohort/case.ts";
import { patientStyle, type ScannerStyle } from "./scanner/scanner.ts";
import { scannerNoise } from "./scanner/scannerNoise.ts";
import { drawTumor, type PaintedPatient, type TumorDraw, unenhanced } from "./tissue/enhancement.ts";
import { paintingRegion, type Region, type RegionOptions } from "./tissue/region.ts";
import { tissueMap } from "./tissue/tissueMap.ts";
import type { TissueMap } from "./tissue/tissues.ts";
import { type Tissue, tissueCode, tissueHu, tissues } from "./tissue/tissues.ts";

/** Three registered phases, HU, and the labels, all on one grid. */
export interface Painted {
  readonly phases: Readonly<Record<StudyPhase, Volume<Int16Array>>>;
  /** 1 kidney, 2 tumour, 3 cyst. */
  readonly mask: Volume<Uint8Array>;
}

/**
 * Paints three contrast phases onto a mask: a simulation, not a CT.
 * Intensities depend on the mask's shapes, on histology and on pathological necrosis; the patient's stage and
 * complexity are not even arguments.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst; any grid; the region around the affected kidney is painted
 * @param scanner a centre's style; the patient's own variation is drawn around it
 * @throws E_MASK where the mask holds no kidney or no tumour
 */
export function paint(
  mask: Volume<Uint8Array>,
  patient: PaintedPatient,
  scanner: ScannerStyle,
  seed: number,
  options: RegionOptions = {},
): Painted {
  return paintRegion(paintingRegion(mask, options), patient, scanner, seed);
}

/** {@link paint} for a mask that is a region already, with axes along L, P, S. */
export function paintRegion(
  region: Region,
  { histology, necrosis }: PaintedPatient,
  scanner: ScannerStyle,
  seed: number,
): Painted {
  const draw = (part: string) => random(derivedSeed(seed, part));
  const style = patientStyle(scanner, seed);
  const tumor = drawTumor({ histology }, draw("tumour"));
  const map = tissueMap(region, { histology, necrosis }, tumor, draw("anatomy"));
  const deviations = new Map(tissues.map((t) => [t, draw(`tissue ${t}`).normal()]));
  const images = phases.map((phase) => {
    const levels = tissues.map((t) => tissueLevel(t, phase, tumor, style, deviations.get(t)!));
    const data = renderPhase(
      map,
      region.mask,
      levels,
      texture(phase, tumor, levels),
      style,
      derivedSeed(seed, "noise", phase),
    );
    return [phase, { ...region.mask, data }] as const;
  });
  return { phases: Object.fromEntries(images) as Record<StudyPhase, Volume<Int16Array>>, mask: region.mask };
}

/** From the corticomedullary to the nephrographic phase, s: how a late acquisition is interpolated. */
const betweenPhases = 50;
/** How much of a tumour's texture is left as its enhancement evens out. */
const textureShare: Readonly<Record<StudyPhase, number>> = {
  corticomedullary: 1,
  nephrographic: 0.8,
  excretory: 0.7,
};

/** HU of one tissue in one phase for one patient and scan. */
function tissueLevel(
  t: Tissue,
  phase: StudyPhase,
  tumor: TumorDraw,
  style: ScannerStyle,
  deviation: number,
): number {
  const own = t === "tumor" ? { ...tumor.mean, sd: 0, unenhanced } : tissueHu[t];
  const late = phase === "corticomedullary" ? style.delay / betweenPhases : 0;
  const nominal = own[phase] + late * (own.nephrographic - own[phase]) + own.sd * deviation;
  return own.unenhanced + style.enhancement * (nominal - own.unenhanced) + style.offset;
}

/** SD of the tumour's texture, HU. */
const texture = (phase: StudyPhase, { heterogeneity }: TumorDraw, levels: readonly number[]): number =>
  textureShare[phase] * heterogeneity * Math.max(levels[tissueCode.tumor] - unenhanced, 20);

function renderPhase(
  { tissue, detail }: TissueMap,
  { size, spacing }: Volume<Uint8Array>,
  levels: readonly number[],
  tumorTexture: number,
  style: ScannerStyle,
  seed: number,
): Int16Array {
  const image = new Float32Array(tissue.length);
  const { cortex, medulla, tumor } = tissueCode;
  for (let n = 0; n < image.length; n++) {
    const t = tissue[n];
    image[n] =
      t === cortex
        ? levels[medulla] + detail[n] * (levels[cortex] - levels[medulla])
        : t === tumor
          ? levels[tumor] + tumorTexture * detail[n]
          : levels[t];
  }
  scanned(image, size, spacing, style);
  const noise = scannerNoise(size, spacing, style.noiseGrain, style.noiseSd, seed);
  const out = new Int16Array(image.length);
  for (let n = 0; n < out.length; n++)
    out[n] = Math.min(Math.max(Math.round(image[n] + noise[n]), -1024), 3071);
  return out;
}

/** The scanner's blur, and its kernel's edge enhancement as an unsharp mask. */
function scanned(image: Float32Array, size: Vec3, spacing: Vec3, { blur, sharpen }: ScannerStyle): void {
  const sigma = (mm: readonly [number, number]): Vec3 => [
    mm[0] / spacing[0],
    mm[0] / spacing[1],
    mm[1] / spacing[2],
  ];
  gaussianBlur(image, size, sigma(blur));
  if (sharpen === 0) return;
  const softer = image.slice();
  gaussianBlur(softer, size, sigma([1.2, 0]));
  for (let n = 0; n < image.length; n++) image[n] += sharpen * (image[n] - softer[n]);
}
