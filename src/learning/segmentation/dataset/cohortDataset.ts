import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { type Cohort, masksOf, phasesOf } from "../../../patients/cohort/case.ts";
import type { SegmentationDataset } from "./dataset.ts";

/**
 * A cohort's images and masks: 1 kidney, 2 tumour, 3 cyst, or 2 alone where its masks outline tumours alone. Cases without a
 * mask or without any image are left out.
 * @throws E_COHORT where none is left, E_MASK for a cohort without masks
 */
export function cohortDataset(cohort: Cohort): SegmentationDataset {
  const { folder, cases, intensities } = cohort;
  const masks = masksOf(cohort);
  if (masks === "none")
    throw new TrinephronError("E_MASK", `${folder}: its tasks.json says that there are no masks`);
  const channels = phasesOf(cohort);
  const tumor = { name: "tumor", value: 2 };
  const usable = cases.flatMap((c) => {
    const images = channels.map((channel) => {
      const path = c.images[channel];
      return path === undefined ? undefined : { path: join(folder, path) };
    });
    return c.mask !== undefined && images.some((image) => image !== undefined)
      ? [{ case: c.case, patient: c.patient, images, labels: join(folder, c.mask) }]
      : [];
  });
  if (usable.length === 0)
    throw new TrinephronError("E_COHORT", `${folder}: no case has both an image and a mask`);
  return {
    folder,
    cases: usable,
    channels,
    labels: masks === "tumor" ? [tumor] : [{ name: "kidney", value: 1 }, tumor, { name: "cyst", value: 3 }],
    hounsfield: intensities === undefined,
    interchangeable: true,
  };
}
