import { maximalDiameter, type Volume, voxelVolumeMl } from "../volume/index.ts";
import { affectedKidneys, type Side } from "./affectedKidney.ts";
import { cIndex } from "./cIndex.ts";
import { type PaduaResult, padua } from "./padua.ts";
import { type RenalResult, renalOf } from "./renal.ts";
import { defaultRules, type Rules } from "./rules.ts";
import { renalSinus } from "./sinus.ts";

/** The scores of one tumour. */
export interface TumorNephrometry {
  readonly side: Side;
  readonly volumeMl: number;
  /** Longest line in any direction, mm, whatever R is measured by. */
  readonly maximalDiameterMm: number;
  readonly renal: RenalResult;
  readonly padua: PaduaResult;
  readonly cIndex: number;
}

/**
 * R.E.N.A.L., PADUA and C-index of every tumour of a mask, largest first.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst; any orientation
 * @throws E_MASK where the mask is empty, has no kidney or no tumour, or its tumours lie apart from any kidney
 */
export function nephrometry(
  mask: Volume<Uint8Array>,
  rules: Rules = defaultRules,
): { readonly tumors: TumorNephrometry[] } {
  const tumors = affectedKidneys(mask).flatMap((affected) => {
    const sinus = renalSinus(affected, rules);
    const voxelMl = voxelVolumeMl(affected.mask);
    return affected.tumors.map((tumor): TumorNephrometry => {
      const lesion = { ...affected.mask, data: tumor };
      const renal = renalOf(affected, tumor, sinus, rules);
      return {
        side: affected.side,
        volumeMl: tumor.reduce((sum, v) => sum + v, 0) * voxelMl,
        maximalDiameterMm: maximalDiameter(tumor, lesion)?.mm ?? 0,
        renal,
        padua: padua(affected, tumor, sinus, renal, rules),
        cIndex: cIndex(lesion, sinus.outline, renal.R.mm),
      };
    });
  });
  return { tumors: tumors.sort((a, b) => b.volumeMl - a.volumeMl) };
}
