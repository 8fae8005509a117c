import type { AffectedKidney } from "./kidney/affectedKidney.ts";
import type { Sinus } from "./kidney/sinus.ts";
import type { RenalResult } from "./renal/renal.ts";

/** Slices further apart than this, mm, are too coarse for N's cut-offs of 4 and 7 mm. */
const coarseMm = 5;
/** Voxels longer than this many times their width are no cubes in any sense. */
const coarseRatio = 10;

/** What limits the scores of a kidney's tumour, a sentence each; none for a plain case. */
export function caveats(
  { mask: { spacing }, joined, sideFrom, remarks }: AffectedKidney,
  { sinus }: Sinus,
  { L }: RenalResult,
): string[] {
  const list: string[] = [...remarks];
  if (!sinus.includes(1)) list.push("no renal sinus found: N is 1 for want of it");
  if (!L.polarLinesFound && L.points === 1) list.push("no polar lines found: L is 1 for want of them");
  const long = Math.max(...spacing);
  const ratio = long / Math.min(...spacing);
  if (spacing[2] > coarseMm)
    list.push(`slices ${spacing[2].toFixed(1)} mm apart: N and L are no finer than that`);
  if (ratio > coarseRatio)
    list.push(`voxels ${ratio.toFixed(0)} times as long as wide: E and N depend on where the slices fell`);
  if (long !== spacing[2] && long > coarseMm)
    list.push(`voxels ${long.toFixed(1)} mm long across the body: R and E are no finer than that`);
  if (joined) list.push("both kidneys are one piece: parted where they hold least between them");
  if (sideFrom === "image") list.push("one kidney: its side is told by the middle of the image");
  return list;
}
