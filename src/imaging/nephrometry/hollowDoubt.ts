import { voxelVolumeMl } from "../../numerics/volume/index.ts";
import type { AffectedKidney } from "./kidney/affectedKidney.ts";
import { milliliters, withoutHollows } from "./kidney/cleanLabels.ts";
import { maskWhere } from "./kidney/inPlane.ts";
import { fatHu, renalSinus, type Sinus } from "./kidney/sinus.ts";
import { type RenalResult, renalOf } from "./renal/renal.ts";
import type { Rules } from "./rules.ts";
import { type PaduaResult, padua } from "./scores/padua.ts";

/**
 * Whether points of R.E.N.A.L. hang on small hollows that may be sinus or faults of drawing: a mask alone does not tell a
 * pocket of sinus fat from a hole in the kidney's label; a CT does. Scores the tumour once more with them filled.
 *
 * @returns a sentence on what the scores would be then, where they would be others
 */
export function hollowDoubt(
  affected: AffectedKidney,
  tumor: Uint8Array,
  sinus: Sinus,
  scores: { readonly renal: RenalResult; readonly padua: PaduaResult },
  rules: Rules,
): string[] {
  const { mask, ct } = affected;
  if (sinus.source === "labels") return [];
  const isFat = (hollow: readonly number[]) =>
    ct !== undefined && hollow.reduce((sum, n) => sum + ct[n], 0) < fatHu * hollow.length;
  const solid = withoutHollows(mask, isFat);
  const filled = maskWhere(mask.data.length, (n) => mask.data[n] !== solid.data[n]);
  const voxels = filled.reduce((sum, v) => sum + v, 0);
  if (voxels === 0) return [];
  const kidney = maskWhere(filled.length, (n) => solid.data[n] === 1 || solid.data[n] === 3);
  const lesion = maskWhere(filled.length, (n) => tumor[n] === 1 || (filled[n] === 1 && solid.data[n] === 2));
  const other = { ...affected, mask: solid, kidney, tumor: lesion, tumors: [lesion] };
  const inside = renalSinus(other, rules);
  const renal = renalOf(other, lesion, inside, rules);
  const paduaScore = padua(other, lesion, inside, renal, rules);
  const changes = (["R", "E", "N", "L"] as const).flatMap((key) =>
    renal[key].points === scores.renal[key].points
      ? []
      : [`${key} ${renal[key].points} instead of ${scores.renal[key].points}`],
  );
  if (changes.length === 0) return [];
  if (paduaScore.total !== scores.padua.total)
    changes.push(`PADUA ${paduaScore.total} instead of ${scores.padua.total}`);
  const ml = milliliters(voxels * voxelVolumeMl(mask));
  return [
    `small closed hollows of the mask, ${ml} in all, are taken for renal sinus; if they are faults of drawing: ${changes.join(", ")}`,
  ];
}
