import type { StudyOutline } from "../../../patients/study/assembled.ts";
import type { FoundKidney } from "../foundKidneys.ts";

/** Volumes, mL, beyond which what was outlined is hardly a kidney: with its lesions, and without. */
const [leastMl, mostMl] = [60, 500];
/** Of one kidney alone, which may be a horseshoe's two. */
const mostAloneMl = 900;
/** Less tumour is a speck: a sphere of 8 mm. */
const leastTumorMl = 0.25;
/** Less kidney beside its tumour, mL, is no kidney. */
const leastBesideMl = 10;
/** Dice of two passes below which they do not mean the same; of the tumour from painted cases (docs/experiments/outlines.md). */
const leastAgreement = { kidney: 0.8, tumor: 0.9 } as const;

/** What speaks for and against an outline. */
interface Judged {
  /** Why it must not be used unseen; none where it may be. */
  readonly doubts: readonly string[];
  /** What its reader should know all the same. */
  readonly notes: readonly string[];
}

/**
 * Whether kidneys as a program outlined them are plausible: at most two, of 60 to 500 mL, a tumour of one of them, and two
 * passes that agree. The limits are common sense, but for the one of how well the tumour's outlines agree.
 */
export function judged(
  kidneys: readonly FoundKidney[],
  { kidney, tumor }: StudyOutline["agreement"],
): Judged {
  if (kidneys.length === 0) return { doubts: ["no kidney found"], notes: [] };
  const affected = kidneys.reduce((most, each) => (each.tumor > most.tumor ? each : most));
  if (affected.tumor < leastTumorMl) return { doubts: ["no tumour found"], notes: [] };
  const doubts: string[] = [];
  const notes: string[] = [];
  if (kidneys.length > 2) doubts.push(`${kidneys.length} kidneys found`);
  const most = kidneys.length === 1 ? mostAloneMl : mostMl;
  for (const each of kidneys) {
    const all = each.kidney + each.tumor + each.cyst;
    if (each === affected && each.kidney < leastBesideMl)
      doubts.push(`a tumour of ${whole(each.tumor)} without a kidney beside it`);
    else if (all < leastMl)
      (each === affected ? doubts : notes).push(`the ${each.side} kidney has ${whole(all)}: very small`);
    if (each.kidney > most)
      doubts.push(`the ${each.side} kidney has ${whole(each.kidney)} without its lesions: too large`);
  }
  for (const [name, dice, least] of [
    ["kidneys", kidney, leastAgreement.kidney],
    ["tumour", tumor, leastAgreement.tumor],
  ] as const)
    if (dice < least)
      doubts.push(`the outlines of the ${name} differ when the image is mirrored (Dice ${dice.toFixed(2)})`);
  return { doubts, notes };
}

const whole = (ml: number): string => `${Math.round(ml)} mL`;
