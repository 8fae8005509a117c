import { inFile } from "../../../base/inFile.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import { readTumors } from "../../../imaging/nephrometry/nephrometry.ts";
import { labelsOf } from "../labels.ts";

/** What is read off a mask. */
export interface MaskMeasures {
  /** R.E.N.A.L. total, 4–12, and its points. */
  readonly renal: number;
  readonly points: Readonly<Record<"R" | "E" | "N" | "L", number>>;
  /** Longest in-plane diameter of the largest tumour, mm. */
  readonly diameterMm: number;
  /** What was filled, rounded or taken away in the mask, and what the points would be otherwise; a sentence each. */
  readonly remarks: readonly string[];
}

/** @throws E_MASK without kidney or tumour, and as `readNifti`; each names the file */
export async function measureMask(path: string): Promise<MaskMeasures> {
  const said: string[] = [];
  const volume = await readNifti(path, { onRemark: (remark) => said.push(remark) });
  const { mask, remarks } = labelsOf(volume, path);
  const [{ scores, faults }] = inFile(path, () => readTumors(mask));
  const { R, E, N, L, total } = scores.renal;
  return {
    renal: total,
    points: { R: R.points, E: E.points, N: N.points, L: L.points },
    diameterMm: Math.round(10 * R.mm) / 10,
    remarks: [...said, ...remarks, ...faults],
  };
}
