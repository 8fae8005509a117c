import { TrinephronError } from "../../base/errors.ts";
import { type Cohort, type ImageKind, masksOf } from "../../patients/cohort/case.ts";
import type { TrainSettings } from "./settings.ts";

type Written = Readonly<Record<string, unknown>>;

/**
 * Settings as written, with what a cohort's images decide where they say nothing: the crop's phases; without kidneys its
 * centre, and that features are learnt; without masks, no channels of them; the window of images that are no HU.
 */
export function withCohort(written: Written, cohort: Pick<Cohort, "phases" | keyof ImageKind>): Written {
  const { crop = {} } = written;
  if (typeof crop !== "object" || crop === null || Array.isArray(crop)) return written;
  const masks = masksOf(cohort);
  const { phases, intensities } = cohort;
  const own = {
    ...(phases && { phases }),
    ...(masks === "tumor" && { center: "tumor" }),
    ...(masks === "none" && { center: "image", maskChannels: false }),
    ...(intensities && { window: intensities }),
  };
  return {
    ...(masks !== "kidney" && { features: "learnt" }),
    ...written,
    ...(Object.keys(own).length > 0 && { crop: { ...own, ...crop } }),
  };
}

/** @throws E_USAGE where features are measured on a kidney that the cohort's masks do not outline */
export function mustMeasureKidneys({ features }: Pick<TrainSettings, "features">, kind: ImageKind): void {
  if (features === "learnt" || masksOf(kind) === "kidney") return;
  throw new TrinephronError(
    "E_USAGE",
    `settings: features: ${features}, but the cohort's masks outline no kidney to measure on`,
    'write "learnt"',
  );
}
