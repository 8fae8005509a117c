import { TrinephronError } from "../../base/errors.ts";
import { type ImageKind, masksOf } from "../../patients/cohort/case.ts";
import type { CropSettings } from "./cropInput.ts";

/**
 * Refuses crops that a cohort's masks cannot place or fill.
 * @throws E_USAGE naming the setting, and what the cohort has
 */
export function mustSuit(
  { center, maskChannels }: Pick<CropSettings, "center" | "maskChannels">,
  kind: ImageKind,
): void {
  const masks = masksOf(kind);
  const refuse = (setting: string, why: string, hint: string) =>
    new TrinephronError("E_USAGE", `settings: crop: ${setting}: ${why}`, hint);
  if (masks === "tumor" && center === "kidney")
    throw refuse("center", "kidney, but the cohort's masks outline tumours alone", 'write "tumor"');
  if (masks === "none" && center !== "image")
    throw refuse("center", `${center}, but the cohort has no masks`, 'write "image"');
  if (masks === "none" && maskChannels)
    throw refuse("maskChannels", "true, but the cohort has no masks", "write false");
}
