import { isCtImage, sopClassName } from "../values/sopClasses.ts";
import type { DicomHeader, Plane } from "./header.ts";

/** Defined terms of Rescale Type that a CT image may have, but for HU and US (PS3.3 C.11.1.1.2). */
const otherUnits = /^(OD|HU_MOD|MGML|Z_EFF|ED|EDW|PCT)$/i;

/** Why an image is no slice of an axial CT volume as it left the scanner; undefined where it is one. */
export function setAsideReason(header: DicomHeader, plane: Plane | undefined): string | undefined {
  const { sopClass, modality, imageType, hasPixels } = header;
  if (!hasPixels) return `no image: ${sopClass ? sopClassName(sopClass) : (modality ?? "unknown kind")}`;
  if (sopClass ? !isCtImage(sopClass) : modality !== "CT")
    return `not a CT image: ${sopClass ? sopClassName(sopClass) : (modality ?? "unknown kind")}`;
  const type = imageType.map((value) => value.toUpperCase());
  if (type.includes("LOCALIZER")) return "a localiser";
  if (
    type[0] === "DERIVED" &&
    type.some((value) =>
      /^(MPR|CPR|MIP|MINIP|REFORMATTED|PROJECTION IMAGE|VOLREN|CSA MPR|CSA 3D EDITOR)$/.test(value),
    )
  )
    return `a reformat or projection (${imageType.join("\\")})`;
  if (header.photometric && !header.photometric.startsWith("MONOCHROME")) return "a colour image";
  if ((header.samples ?? 1) > 1) return `a colour image (Samples per Pixel ${header.samples})`;
  if (header.rescaleType && otherUnits.test(header.rescaleType))
    return `values in ${header.rescaleType}, not HU (Rescale Type (0028,1054))`;
  if (!plane) return "no position or orientation in the patient";
  return undefined;
}
