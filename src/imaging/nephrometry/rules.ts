/** Where definitions leave room: how a score reads the mask. Two sets, {@link published} and {@link refined}. */
export interface Rules {
  /**
   * R: the longest line in the axial slice with most tumour (`in-plane`, as radiologists measure on axial images)
   * or in any direction (`3d`, R.E.N.A.L.'s "maximal diameter").
   */
  readonly diameter: "in-plane" | "3d";
  /**
   * N: to the collecting system, to the sinus only where there is none (`collecting`): a speck of collecting system far
   * off counts for all; or to the nearer of the two (`either`), as R.E.N.A.L. has it.
   */
  readonly nearest: "collecting" | "either";
  /** N: between voxel centres, or between voxel surfaces: 0 where they touch, whatever the slice thickness. */
  readonly distance: "centers" | "surfaces";
  /** C-index: centres cut down to whole voxels, or exact. */
  readonly centers: "voxels" | "exact";
  /** Cysts outside the kidney's outline are background, or they belong to the kidney. */
  readonly cysts: "background" | "kidney";
  /**
   * The hilum is sought in the hollows of kidney and tumour together (`organ`), which takes the groove beside a tumour
   * that stands out for sinus where it runs into the hilum, or in those of the kidney alone (`kidney`).
   */
  readonly hilum: "organ" | "kidney";
  /** Lengths in the search for the sinus are counted in voxels, or in mm: the same at any voxel size. */
  readonly sinusUnits: "voxels" | "mm";
  /**
   * The sinus is what lies deep in its hollow and clear of the kidney (`core`): up to a voxel less than the hollow,
   * so that N grows with the voxel; or all of the hollow around that, up to its wall (`wall`).
   */
  readonly sinusEdge: "core" | "wall";
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
  nearest: "collecting",
  distance: "centers",
  centers: "voxels",
  cysts: "background",
  hilum: "organ",
  sinusUnits: "voxels",
  sinusEdge: "core",
  polarLines: "drawn",
  tumors: "all",
};

/** The same measurements without the peculiarities that depend on voxel size or on how a line is drawn. */
export const refined: Rules = {
  diameter: "in-plane",
  nearest: "either",
  distance: "surfaces",
  centers: "exact",
  cysts: "kidney",
  hilum: "kidney",
  sinusUnits: "mm",
  sinusEdge: "wall",
  polarLines: "hilum",
  tumors: "largest",
};

/** The rules used where none are given: the published ones, each tumour scored by itself. */
export const defaultRules: Rules = { ...published, tumors: "largest" };
