import { derivedSeed } from "../../../base/random.ts";
import { renal } from "../../../imaging/nephrometry/renal/renal.ts";
import type { Case } from "../../cohort/case.ts";
import { complexityOf } from "../../cohort/complexity.ts";
import { paintedPaths } from "../paint/files/paintedFiles.ts";
import { type Painted, paintRegion } from "../paint/paint.ts";
import { centerStyle } from "../paint/scanner/scanner.ts";
import { drawPatient } from "./patient.ts";
import { phantom } from "./phantom.ts";

/** Which simulated case: its centre, its place there from 0, and how. */
export interface PhantomSpec {
  readonly center: string;
  readonly n: number;
  readonly seed: number;
  /** Voxel size, mm. */
  readonly spacing: number;
}

export const phantomName = ({ center, n }: PhantomSpec): string =>
  `${center}-${String(n + 1).padStart(4, "0")}`;

/**
 * One simulated case: patient, anatomy, complexity measured on its mask, three painted phases.
 * It depends on its spec alone, so any case can be made without the others.
 */
export function phantomCase(spec: PhantomSpec): { row: Case; painted: Painted } {
  const { center, n, seed, spacing } = spec;
  const name = phantomName(spec);
  const { age, sex, histology, necrosis, stage, sizeMm, side, invasion } = drawPatient(center, n, seed);
  const region = phantom({ sizeMm, side, invasion }, derivedSeed(seed, "phantom", name), { spacing });
  const painted = paintRegion(
    region,
    { histology, necrosis },
    centerStyle(center, seed),
    derivedSeed(seed, "case", name),
  );
  const { total } = renal(region.mask);
  const row: Case = {
    case: name,
    patient: name,
    center,
    age,
    sex,
    ...paintedPaths(name),
    histology,
    stage,
    complexity: complexityOf(total),
    renal: total,
    sizeMm,
    necrosis,
    source: "procedural",
  };
  return { row, painted };
}
