import { inFile } from "../../base/inFile.ts";
import { type AffectedKidney, affectedKidney, cleanLabels } from "../../imaging/nephrometry/index.ts";
import { reorient, type Volume } from "../../numerics/volume/index.ts";
import { labelsOf } from "./labels.ts";

/** A case's mask as its images are cropped around it. */
export interface CaseMask {
  /** 1 kidney, 2 tumour, 3 cyst; axes along L, P, S; whole numbers, and cleaned. */
  readonly mask: Volume<Uint8Array>;
  readonly kidney: AffectedKidney;
  /** What was rounded, filled or taken away. */
  readonly remarks: readonly string[];
}

/**
 * The one way from a case's file of labels to its kidney, for crops and for checks alike.
 *
 * @param path named in errors
 * @throws E_MASK for values that are no labels, an empty mask, one without kidney or tumour, or where they lie apart
 */
export function caseMask(volume: Volume, path: string): CaseMask {
  const labels = labelsOf(reorient(volume), path);
  const clean = cleanLabels(labels.mask);
  const kidney = inFile(path, () => affectedKidney(clean.mask, { clean }));
  return { mask: clean.mask, kidney, remarks: [...labels.remarks, ...clean.remarks] };
}
