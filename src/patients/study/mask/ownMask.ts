import type { Volume } from "../../../numerics/volume/index.ts";
import type { Phase } from "../../cohort/case.ts";
import type { Outline, Pointed, StudyMask } from "../assembled.ts";
import { growFrom, isPointed } from "./grow/grow.ts";

/**
 * The mask of a study that has none: outlined by a program where there is one, else grown where the tumour is pointed at.
 * @returns undefined where there is neither
 * @throws E_MASK where nothing is found there, or it is doubted
 */
export async function ownMask(
  image: Volume<Int16Array>,
  phase: Phase,
  { outline, point, box }: Pointed & { readonly outline?: Outline | undefined },
): Promise<StudyMask | undefined> {
  const pointed = { point, box };
  if (outline) return outline(image, phase, isPointed(pointed) ? pointed : undefined);
  return isPointed(pointed) ? growFrom(image, pointed) : undefined;
}
