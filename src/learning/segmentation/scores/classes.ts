/** A class that is scored: the voxels of one label or of several together. */
export interface ScoredClass {
  /** As it stands in files: `kidney_and_mass`. */
  readonly name: string;
  /** Labels whose voxels it is made of. */
  readonly labels: readonly number[];
  /** Tolerance of its surface Dice, mm. */
  readonly toleranceMm: number;
  /** Whether its pieces are lesions, each of which is found or missed. */
  readonly lesions: boolean;
}

/**
 * KiTS's hierarchical classes of labels 1 (kidney), 2 (tumour) and 3 (cyst), with the tolerances that KiTS23 scores by
 * (neheller/kits23, kits23/configuration/labels.py): how far its annotators lie apart.
 */
export const kitsClasses: readonly ScoredClass[] = [
  { name: "kidney_and_mass", labels: [1, 2, 3], toleranceMm: 1.0330772532390826, lesions: false },
  { name: "mass", labels: [2, 3], toleranceMm: 1.1328796488598762, lesions: true },
  { name: "tumor", labels: [2], toleranceMm: 1.1498198361434828, lesions: true },
];
