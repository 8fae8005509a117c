import { inPlaneDiameter, maximalDiameter, type Volume, voxelVolumeMl } from "../../numerics/volume/index.ts";
import { caveats } from "./caveats.ts";
import { hollowDoubt } from "./hollowDoubt.ts";
import { type AffectedKidney, affectedKidneys, type Given, type Side } from "./kidney/affectedKidney.ts";
import { cleanLabels, milliliters, speckMl } from "./kidney/cleanLabels.ts";
import { renalSinus, type Sinus, type SinusSource } from "./kidney/sinus.ts";
import { upright } from "./kidney/upright.ts";
import { type Margins, margins } from "./margin.ts";
import { distanceFrom } from "./renal/nearness.ts";
import { type RenalResult, renalOf } from "./renal/renal.ts";
import { defaultRules, type Rules } from "./rules.ts";
import { cIndex } from "./scores/cIndex.ts";
import { contactArea } from "./scores/contactArea.ts";
import { type PaduaResult, padua } from "./scores/padua.ts";

/** The scores of one tumour. */
export interface TumorNephrometry {
  readonly side: Side;
  readonly volumeMl: number;
  /** Longest line in any direction, mm, whatever R is measured by. */
  readonly maximalDiameterMm: number;
  /** Longest line in any axial slice, mm. */
  readonly inPlaneDiameterMm: number;
  /** Surface shared with the kidney, cm² ({@link contactArea}). */
  readonly contactAreaCm2: number;
  readonly renal: RenalResult;
  readonly padua: PaduaResult;
  readonly cIndex: number;
  /** How far each component is from scoring otherwise. */
  readonly margins: Margins;
  /** Where sinus and collecting system were taken from. */
  readonly sinusSource: SinusSource;
  /** What limits the scores: no polar lines, thick slices, joined kidneys, … */
  readonly caveats: readonly string[];
}

/** A tumour with what its scores were read from. */
export interface Reading {
  readonly affected: AffectedKidney;
  /** 1 in this tumour, on the grid of `affected.mask`. */
  readonly tumor: Uint8Array;
  readonly sinus: Sinus;
  readonly scores: TumorNephrometry;
  /** Those of the caveats that tell faults of the mask: what was filled or taken away, and what may be a fault. */
  readonly faults: readonly string[];
}

/**
 * R.E.N.A.L., PADUA, C-index, sizes and contact area of every tumour of a mask, largest first.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst, perhaps 4 sinus, 5 collecting system; any orientation
 * @throws E_MASK where the mask is empty, has no kidney or no tumour, or its tumours lie apart from any kidney
 * @throws E_GEOMETRY where a CT does not lie on the mask's grid
 */
export function nephrometry(
  mask: Volume<Uint8Array>,
  rules: Rules = defaultRules,
  given: Given = {},
): { readonly tumors: TumorNephrometry[] } {
  return { tumors: readTumors(mask, rules, given).map(({ scores }) => scores) };
}

/** {@link nephrometry} with the regions behind the scores, for figures and uncertainty. */
export function readTumors(
  mask: Volume<Uint8Array>,
  rules: Rules = defaultRules,
  given: Given = {},
): Reading[] {
  const clean = given.clean ?? cleanLabels(mask);
  const straight = upright(clean.mask, given.ct);
  return affectedKidneys(straight.mask, { ct: straight.ct, clean: { ...clean, mask: straight.mask } })
    .flatMap((affected) => {
      const sinus = renalSinus(affected, rules);
      const tumors = rules.tumors === "all" ? [allTumors(affected)] : affected.tumors;
      return tumors.map((tumor) => {
        const scores = scoreTumor(affected, tumor, sinus, rules);
        const doubts = hollowDoubt(affected, tumor, sinus, scores, rules);
        const faults = [...affected.remarks, ...doubts];
        const caveats = [...(given.remarks ?? []), ...scores.caveats, ...doubts];
        return { affected, tumor, sinus, scores: { ...scores, caveats }, faults };
      });
    })
    .sort((a, b) => b.scores.volumeMl - a.scores.volumeMl);
}

const allTumors = ({ mask }: AffectedKidney): Uint8Array => mask.data.map((v) => (v === 2 ? 1 : 0));

/** The scores of one tumour of a kidney whose sinus is known. */
export function scoreTumor(
  affected: AffectedKidney,
  tumor: Uint8Array,
  sinus: Sinus,
  rules: Rules,
): TumorNephrometry {
  const lesion = { ...affected.mask, data: tumor };
  const fromTumor = distanceFrom(lesion, rules.distance);
  const renal = renalOf(affected, tumor, sinus, rules, fromTumor);
  const paduaScore = padua(affected, tumor, sinus, renal, rules, fromTumor);
  const volumeMl = tumor.reduce((sum, v) => sum + v, 0) * voxelVolumeMl(affected.mask);
  const speck = volumeMl < speckMl ? [`a tumour of ${milliliters(volumeMl)}: a speck of the drawing?`] : [];
  return {
    side: affected.side,
    volumeMl,
    maximalDiameterMm: maximalDiameter(tumor, lesion)?.mm ?? 0,
    inPlaneDiameterMm: inPlaneDiameter(tumor, lesion)?.mm ?? 0,
    contactAreaCm2: contactArea(lesion, affected.kidney) / 100,
    renal,
    padua: paduaScore,
    cIndex: cIndex(lesion, sinus.outline, renal.R.mm, rules.centers),
    margins: margins(lesion, renal, paduaScore, sinus.polarLines),
    sinusSource: sinus.source,
    caveats: [...speck, ...caveats(affected, sinus, renal)],
  };
}
