import { TrinephronError } from "../../base/errors.ts";
import { inFile } from "../../base/inFile.ts";
import { type AffectedKidney, affectedKidney } from "../../imaging/nephrometry/kidney/affectedKidney.ts";
import { cleanLabels } from "../../imaging/nephrometry/kidney/cleanLabels.ts";
import {
  boundingBox,
  connectedComponents,
  crop,
  grownBox,
  reorient,
  type Volume,
} from "../../numerics/volume/index.ts";
import { labelsOf } from "./labels.ts";

/** A case's mask as its images are cropped around it. */
export interface CaseMask {
  /** 1 kidney, 2 tumour, 3 cyst; axes along L, P, S; whole numbers, and cleaned. */
  readonly mask: Volume<Uint8Array>;
  /** Undefined where the masks outline tumours alone. */
  readonly kidney?: AffectedKidney;
  /** 1 where the largest tumour, on the grid of a box around the kidney or around the tumour. */
  readonly tumor: Volume<Uint8Array>;
  /** What was rounded, filled or taken away. */
  readonly remarks: readonly string[];
}

/**
 * The one way from a case's file of labels to its kidney and tumour, for crops and for checks alike.
 *
 * @param path named in errors
 * @param outlines what the cohort's masks outline
 * @throws E_MASK for values that are no labels, an empty mask, one without the kidney or tumour it should have, or where
 * they lie apart; for a label other than 2 where the masks outline tumours alone
 */
export function caseMask(volume: Volume, path: string, outlines: "kidney" | "tumor" = "kidney"): CaseMask {
  const labels = labelsOf(reorient(volume), path);
  if (outlines === "tumor") mustBeTumor(labels.mask, path);
  const clean = cleanLabels(labels.mask);
  const remarks = [...labels.remarks, ...clean.remarks];
  if (outlines === "tumor") return { mask: clean.mask, tumor: largestTumor(clean.mask), remarks };
  const kidney = inFile(path, () => affectedKidney(clean.mask, { clean }));
  return { mask: clean.mask, kidney, tumor: { ...kidney.mask, data: kidney.tumor }, remarks };
}

function mustBeTumor({ data }: Volume<Uint8Array>, path: string): void {
  const other = data.find((label) => label !== 0 && label !== 2);
  if (other !== undefined)
    throw new TrinephronError(
      "E_MASK",
      `${path}: label ${other}, though the cohort's masks outline tumours (label 2) alone`,
      'relabel the mask, or leave "masks" out of tasks.json where it outlines kidneys',
    );
  if (!data.includes(2)) throw new TrinephronError("E_MASK", `${path}: the mask holds no tumour (label 2)`);
}

/** The largest 26-connected piece of the tumour label, in a box one voxel wider. */
function largestTumor(mask: Volume<Uint8Array>): Volume<Uint8Array> {
  const { labels } = connectedComponents(mask.data, mask.size);
  const data = mask.data.map((_, n) => (labels[n] === 1 ? 1 : 0));
  return crop({ ...mask, data }, grownBox(boundingBox(data, mask.size)!, 1, [1, 1, 1]));
}
