import { describe } from "./describe.ts";
import type { TumorNephrometry } from "./nephrometry.ts";
import type { NephrometryJson } from "./schema.ts";
import type { Uncertainty } from "./uncertainty.ts";

type TumorJson = NephrometryJson["tumors"][number];

/** Infinite where no sinus was found; JSON knows no infinity. */
const finite = (mm: number) => (Number.isFinite(mm) ? mm : null);

/** A tumour's scores in the documented JSON form (docs/schema/nephrometry.schema.json). */
export function tumorJson(scores: TumorNephrometry, uncertain?: Uncertainty): TumorJson {
  const { renal, padua, margins } = scores;
  const { R, E, N, A, L } = renal;
  return {
    side: scores.side,
    volume_ml: scores.volumeMl,
    maximal_diameter_mm: scores.maximalDiameterMm,
    in_plane_diameter_mm: scores.inPlaneDiameterMm,
    contact_area_cm2: scores.contactAreaCm2,
    renal: {
      total: renal.total,
      complexity: renal.complexity,
      suffix: renal.suffix,
      hilar_suffix: "unknown",
      R: { points: R.points, mm: R.mm, margin: margins.R },
      E: { points: E.points, endophytic_fraction: E.endophyticFraction, margin: margins.E },
      N: { points: N.points, mm: finite(N.mm), margin: margins.N },
      A: { mm: A.mm },
      L: {
        points: L.points,
        fraction_between_polar_lines: L.fractionBetweenPolarLines,
        crosses_midline: L.crossesMidline,
        polar_lines_found: L.polarLinesFound,
        margin: margins.L,
      },
    },
    padua: {
      total: padua.total,
      complexity: padua.complexity,
      location: {
        points: padua.location.points,
        fraction_between_sinus_lines: padua.location.fractionBetweenSinusLines,
        margin: margins.location,
      },
      exophytic: {
        points: padua.exophytic.points,
        endophytic_fraction: padua.exophytic.endophyticFraction,
      },
      rim: { points: padua.rim.points, mm: padua.rim.mm, margin: margins.rim },
      sinus: { points: padua.sinus.points, mm: finite(padua.sinus.mm), margin: margins.sinus },
      collecting_system: {
        points: padua.collectingSystem.points,
        mm: finite(padua.collectingSystem.mm),
        margin: margins.collectingSystem,
      },
      size: padua.size,
    },
    c_index: scores.cIndex,
    sinus_source: scores.sinusSource,
    caveats: [...scores.caveats],
    summary: describe(scores, uncertain),
    uncertainty: uncertain && uncertaintyJson(uncertain),
  };
}

const uncertaintyJson = (u: Uncertainty): NonNullable<TumorJson["uncertainty"]> => ({
  variants: u.variants,
  total: [...u.total],
  R_mm: [...u.R],
  E_endophytic_fraction: [...u.E],
  N_mm: [finite(u.N[0]), finite(u.N[1])],
  L_fraction_between_polar_lines: [...u.L],
  padua_total: [...u.padua],
  c_index: [...u.cIndex],
  probability: u.probability,
});
