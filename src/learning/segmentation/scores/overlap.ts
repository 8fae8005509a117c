/** Voxels of two masks on one grid. */
export interface Overlap {
  readonly reference: number;
  readonly predicted: number;
  readonly both: number;
}

/** Counts voxels that are not 0. */
export function overlap(reference: Uint8Array, predicted: Uint8Array): Overlap {
  let [a, b, both] = [0, 0, 0];
  for (let n = 0; n < reference.length; n++) {
    if (reference[n] !== 0) a++;
    if (predicted[n] !== 0) b++;
    if (reference[n] !== 0 && predicted[n] !== 0) both++;
  }
  return { reference: a, predicted: b, both };
}

/** Dice coefficient, 0 to 1: 2 |A ∩ B| / (|A| + |B|) (Dice, Ecology 1945;26:297). Null where both masks are empty. */
export const dice = ({ reference, predicted, both }: Overlap): number | null =>
  reference + predicted === 0 ? null : (2 * both) / (reference + predicted);
