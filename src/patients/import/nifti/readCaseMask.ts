import { TrinephronError } from "../../../base/errors.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { caseMask } from "../../cohort/caseMask.ts";
import { wholeValues } from "../../cohort/labels.ts";
import type { LabelTable } from "../../study/mask/labels/labelTable.ts";

/** A mask that can serve. */
export interface ReadMask {
  /** With the cohort's labels and on the grid of the file; undefined where the file has these labels itself. */
  readonly relabeled?: Volume<Uint8Array>;
  readonly remarks: readonly string[];
}

/**
 * Reads a mask as crops will, its values first turned into the cohort's labels where a table says what they are.
 * @param outlines what the cohort's masks outline
 * @throws E_MASK for a value that the table lacks, or as `caseMask`; as `readNifti`
 */
export async function readCaseMask(
  path: string,
  outlines: "kidney" | "tumor",
  labels?: LabelTable,
): Promise<ReadMask> {
  const volume = await readNifti(path);
  if (!labels) return { remarks: caseMask(volume, path, outlines).remarks };
  const whole = wholeValues(volume);
  const known = new Map<number, number>([[0, 0]]);
  const data = Uint8Array.from(whole.volume.data as ArrayLike<number>, (value) => {
    const found = known.get(value) ?? labelOfValue(value, labels, path);
    known.set(value, found);
    return found;
  });
  const relabeled = { ...volume, data };
  return { relabeled, remarks: [...whole.remarks, ...caseMask(relabeled, path, outlines).remarks] };
}

function labelOfValue(value: number, labels: LabelTable, path: string): number {
  const label = labels.get(String(value));
  if (label === undefined)
    throw new TrinephronError(
      "E_MASK",
      `${path}: holds the value ${value}, which the table of --labels lacks`,
      "say there what it is: kidney, tumor, cyst or ignore",
    );
  return label === "other" ? 0 : label;
}
