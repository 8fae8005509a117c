/** Where definitions leave room: how a score reads the mask. Two sets, {@link published} and {@link refined}. */
export interface Rules {
  /**
   * R: the longest line in the axial slice with most tumour (`in-plane`, as radiologists measure on axial images)
   * or in any direction (`3d`, R.E.N.A.L.'s "maximal diameter").
   */
  readonly diameter: "in-plane" | "3d";
  /** N: between voxel centres, or between voxel surfaces: 0 where they touch, whatever the slice thickness. */
  readonly distance: "centers" | "surfaces";
  /** Cysts outside the kidney's outline are background, or they belong to the kidney. */
  readonly cysts: "background" | "kidney";
  /** Lengths in the search for the sinus are counted in voxels, or in mm: the same at any voxel size. */
  readonly sinusUnits: "voxels" | "mm";
  /**
   * L: the slices where the hull of the sinus, as drawn, meets the outside (`drawn`), L being 1 where it never does;
   * or those where the hilum's hollow holds sinus, else all that hold sinus (`hilum`).
   */
  readonly polarLines: "drawn" | "hilum";
  /** `renal` of a kidney with several tumours: of the largest, or of all as if they were one. */
  readonly tumors: "largest" | "all";
}

/** Heller et al.'s algorithm (J Urol 2022;207:1078; github.com/neheller/seg-to-nephrometry), peculiarities included. */
export const published: Rules = {
  diameter: "in-plane",
  distance: "centers",
  cysts: "background",
  sinusUnits: "voxels",
  polarLines: "drawn",
  tumors: "all",
};

/** The same measurements without the peculiarities that depend on voxel size or on how a line is drawn. */
export const refined: Rules = {
  diameter: "in-plane",
  distance: "surfaces",
  cysts: "kidney",
  sinusUnits: "mm",
  polarLines: "hilum",
  tumors: "largest",
};

/** The rules used where none are given: the published ones, each tumour scored by itself. */
export const defaultRules: Rules = { ...published, tumors: "largest" };
