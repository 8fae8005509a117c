import { TrinephronError } from "../../../base/errors.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import {
  outlinedSource,
  type Pointed,
  type StudyMask,
  type StudyOutline,
} from "../../../patients/study/assembled.ts";
import { growFrom } from "../../../patients/study/mask/grow/grow.ts";
import { otherRemark } from "../../../patients/study/remark.ts";
import { foundKidneys } from "../foundKidneys.ts";
import { judged } from "./plausible.ts";
import { pointedLesion, withTumor } from "./pointedTumor.ts";

/** The mask of a program alone. @throws E_MASK where it is doubted */
export function unseenMask(
  volume: Volume<Uint8Array>,
  outline: StudyOutline,
  said: readonly string[],
): StudyMask {
  const { program, phase, agreement } = outline;
  const { doubts, notes } = judged(foundKidneys(volume), agreement);
  if (doubts.length > 0)
    throw new TrinephronError(
      "E_MASK",
      `${doubts.join("; ")}, as ${program} outlines the ${phase} phase`,
      "point at the tumour with --point or --box, or give a mask with --mask",
    );
  return outlined(
    volume,
    outline,
    `kidney and tumour were outlined by a program (${program}) on the ${phase} phase, not drawn: check the outlines`,
    [...notes, ...said],
  );
}

/** The mask of a program with the tumour that a user points at: as the program outlines it there, else as it grows. */
export function pointedMask(
  image: Volume<Int16Array>,
  found: Volume<Uint8Array>,
  pointed: Pointed,
  outline: StudyOutline,
  said: readonly string[],
): StudyMask {
  const { program, phase } = outline;
  const lesion = pointedLesion(found, pointed);
  const grown = lesion ? undefined : growFrom(image, pointed);
  if (grown && !found.data.includes(1))
    return { ...grown, remarks: [...grown.remarks, otherRemark(`${program} finds no kidney there`)] };
  const tumor = lesion ?? maskOf(grown!.volume.data, (label) => label === 2);
  const { volume, elsewhereMl } = withTumor(found, tumor);
  const kidney = `the kidney was outlined by a program (${program}) on the ${phase} phase`;
  return outlined(
    volume,
    outline,
    `${kidney}, and the tumour ${lesion ? "likewise where it was pointed at" : `${grown!.source}, for the program outlines none there`}: check the outlines`,
    [
      ...(elsewhereMl > 0
        ? [`${elsewhereMl.toFixed(1)} mL elsewhere that the program took for tumour count as kidney`]
        : []),
      ...(grown?.remarks.flatMap(({ about, text }) => (about === "other" ? [text] : [])) ?? []),
      ...said,
    ],
  );
}

function outlined(
  volume: Volume<Uint8Array>,
  outline: StudyOutline,
  origin: string,
  said: readonly string[],
): StudyMask {
  const { kidney, tumor } = outline.agreement;
  const steady =
    `mirrored left to right, the image is outlined alike: Dice ${kidney.toFixed(2)} of kidneys with lesions, ` +
    `${tumor.toFixed(2)} of the tumour; that tells how steady the outline is, not how right`;
  return {
    volume,
    source: outlinedSource,
    outline,
    remarks: [{ about: "outlined mask", text: origin }, ...[steady, ...said].map(otherRemark)],
  };
}
