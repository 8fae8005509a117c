import type { Random } from "../../../../base/random.ts";
import { type Histology, phases, type StudyPhase } from "../../../cohort/case.ts";

/** All that a painted tumour's intensities may depend on. */
export interface PaintedPatient {
  readonly histology: Histology;
  /** Pathological necrosis. */
  readonly necrosis: boolean;
}

/** How the tumours of one histology enhance: mean and SD between patients, HU, and their texture. */
interface Enhancement {
  readonly mean: Readonly<Record<StudyPhase, number>>;
  readonly sd: Readonly<Record<StudyPhase, number>>;
  /** Median SD within the tumour as a share of its enhancement. */
  readonly heterogeneity: number;
}

/**
 * Tumour enhancement by histology. ccRCC and papillary: ISRN 2015/476750 and Urologia 10.5301/uj.5000256.
 * Chromophobe: sources conflict (corticomedullary 74 to 135 HU); a value between, and so a setting.
 * Other malignant tumours are a mixture nobody tabulates: ours.
 */
const enhancements: Readonly<Record<Histology, Enhancement>> = {
  clear_cell: {
    mean: { corticomedullary: 146, nephrographic: 120, excretory: 92 },
    sd: { corticomedullary: 45, nephrographic: 34, excretory: 32 },
    heterogeneity: 0.24,
  },
  papillary: {
    mean: { corticomedullary: 58, nephrographic: 62, excretory: 58 },
    sd: { corticomedullary: 18, nephrographic: 17, excretory: 14 },
    heterogeneity: 0.14,
  },
  chromophobe: {
    mean: { corticomedullary: 92, nephrographic: 93, excretory: 78 },
    sd: { corticomedullary: 32, nephrographic: 27, excretory: 22 },
    heterogeneity: 0.16,
  },
  other: {
    mean: { corticomedullary: 88, nephrographic: 90, excretory: 78 },
    sd: { corticomedullary: 38, nephrographic: 32, excretory: 26 },
    heterogeneity: 0.2,
  },
};

/** Unenhanced tumour, HU. */
export const unenhanced = 34;

/** Correlation between one tumour's deviations in two phases: what is vascular in one phase is so in the next. */
const phaseCorrelation = 0.72;

/** One tumour's own enhancement, drawn. */
export interface TumorDraw {
  /** HU of viable tumour in each phase. */
  readonly mean: Readonly<Record<StudyPhase, number>>;
  /** SD within viable tumour as a share of its enhancement above {@link unenhanced}. */
  readonly heterogeneity: number;
  readonly calcified: boolean;
}

/** Draws one tumour's enhancement. Its arguments are all it can depend on: no stage, no complexity. */
export function drawTumor(
  { histology }: Pick<PaintedPatient, "histology">,
  random: Random,
  table: Readonly<Record<Histology, Enhancement>> = enhancements,
): TumorDraw {
  const { mean, sd, heterogeneity } = table[histology];
  const common = random.normal();
  const hu = phases.map((phase) => {
    const z = Math.sqrt(phaseCorrelation) * common + Math.sqrt(1 - phaseCorrelation) * random.normal();
    return [phase, Math.max(mean[phase] + sd[phase] * z, 20)] as const;
  });
  return {
    mean: Object.fromEntries(hu) as Record<StudyPhase, number>,
    heterogeneity: heterogeneity * Math.exp(0.35 * random.normal()),
    calcified: random.uniform() < 0.12,
  };
}
