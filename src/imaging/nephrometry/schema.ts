import { z } from "zod";

const points = (most: 2 | 3) => z.int().min(1).max(most);
const complexity = z.enum(["low", "moderate", "high"]);
const fraction = z.number().min(0).max(1);
const mm = z.number().nonnegative();
/** null: no sinus was found. */
const mmOrNone = mm.nullable();
const interval = z.tuple([z.number(), z.number()]).describe("least and most of all perturbed masks");

const margin = z
  .object({
    by: z.number().nonnegative().describe("distance of the value to the nearest cut-off"),
    unit: z.enum(["mm", "fraction"]),
    points: z.int().min(1).max(3).describe("points beyond that cut-off"),
    borderline: z.boolean().describe("within 1 mm or a voxel's width, or 5 % of the tumour"),
  })
  .optional()
  .describe("left out where nothing near would change the points");

const tumor = z.object({
  side: z.enum(["left", "right"]),
  volume_ml: z.number().positive(),
  maximal_diameter_mm: mm.describe("longest line in any direction"),
  in_plane_diameter_mm: mm.describe("longest line in any axial slice"),
  contact_area_cm2: z.number().nonnegative().describe("surface shared with the kidney"),
  renal: z.object({
    total: z.int().min(4).max(12),
    complexity,
    suffix: z.enum(["a", "p", "x"]),
    hilar_suffix: z.literal("unknown").describe("h cannot be told from a mask"),
    R: z.object({ points: points(3), mm, margin }),
    E: z.object({ points: points(3), endophytic_fraction: fraction, margin }),
    N: z.object({ points: points(3), mm: mmOrNone, margin }),
    A: z.object({ mm: z.number().describe("tumour's centre behind the kidney's; negative in front") }),
    L: z.object({
      points: points(3),
      fraction_between_polar_lines: fraction,
      crosses_midline: z.boolean(),
      polar_lines_found: z.boolean(),
      margin,
    }),
  }),
  padua: z.object({
    total: z.int().min(6).max(14),
    complexity,
    location: z.object({ points: points(2), fraction_between_sinus_lines: fraction, margin }),
    exophytic: z.object({ points: points(3), endophytic_fraction: fraction }),
    rim: z.object({
      points: points(2),
      mm: z.number().describe("nearest rim, from the kidney's centre towards the spine"),
      margin,
    }),
    sinus: z.object({ points: points(2), mm: mmOrNone, margin }),
    collecting_system: z.object({ points: points(2), mm: mmOrNone, margin }),
    size: z.object({ points: points(3), mm }),
  }),
  c_index: z.number().nonnegative(),
  sinus_source: z
    .enum(["mask", "ct", "labels"])
    .describe("estimated from the outlines, found as fat in the CT, or as drawn in the mask"),
  caveats: z.array(z.string()),
  summary: z.string().describe("one paragraph in a surgeon's words"),
  uncertainty: z
    .object({
      variants: z.int().positive(),
      total: interval,
      R_mm: interval,
      E_endophytic_fraction: interval,
      N_mm: z.tuple([mmOrNone, mmOrNone]),
      L_fraction_between_polar_lines: interval,
      padua_total: interval,
      c_index: interval,
      probability: z.object({ low: fraction, moderate: fraction, high: fraction }),
    })
    .optional()
    .describe("with --uncertainty: outlines moved by a voxel, and other grids"),
});

/** What `trinephron nephrometry MASK --json` prints; docs/schema/nephrometry.schema.json is made from it. */
export const nephrometrySchema = z
  .object({ tumors: z.array(tumor).min(1).describe("largest first") })
  .meta({ title: "trinephron nephrometry" });

export type NephrometryJson = z.infer<typeof nephrometrySchema>;
