import { derivedSeed, random } from "../../base/random.ts";
import { normalQuantile } from "../../numerics/stats/distributions/normal.ts";
import type { PredictionRow } from "../predictions/predictions.ts";
import type { Reading } from "./readings.ts";

/**
 * Latent AUC, and shift of the cut-offs (SD; above nought is the more sparing with positives).
 * Five levels cost the AUC some 0.01–0.02: juniors come out at 0.71–0.74, seniors at 0.78–0.83.
 * Figures chosen as a plausible human level, measured on nobody.
 */
const readers = [
  { reader: "J1", experience: "junior", auc: 0.725, shift: 0.2 },
  { reader: "J2", experience: "junior", auc: 0.755, shift: -0.15 },
  { reader: "S1", experience: "senior", auc: 0.8, shift: 0.1 },
  { reader: "S2", experience: "senior", auc: 0.825, shift: 0 },
  { reader: "S3", experience: "senior", auc: 0.85, shift: -0.1 },
] as const;

/** Share of the within-class variance that is the case's own difficulty, common to all readers. */
const shared = 0.4;
/** Cut-offs between scores 1 to 5, SD from midway between the classes. */
const cuts = [-0.95, -0.35, 0.2, 0.85];

/**
 * Five simulated readers (two junior, three senior), for trying out a reader study where nobody has read.
 *
 * Binormal latent confidence, N(μ, 1) in positive and N(0, 1) in negative cases with AUC = Φ(μ/√2), of which a part
 * is shared by all readers of a case (the model of Roe & Metz, Acad Radiol 1997;4:298), cut into scores 1 to 5.
 * Each draw has a seed of its own: neither the order of cases nor the presence of others changes a score.
 * @param cases those without a label are not read
 * @returns readings, all `simulated: true`
 */
export function simulateReaders(
  cases: readonly Pick<PredictionRow, "case" | "task" | "label">[],
  seed: number,
): Reading[] {
  const labeled = cases.filter((c) => c.label !== undefined);
  const normal = (...parts: string[]) => random(derivedSeed(seed, "readers", ...parts)).normal();
  return readers.flatMap(({ reader, experience, auc, shift }) => {
    const separation = Math.SQRT2 * normalQuantile(auc);
    return labeled.map((c) => {
      const difficulty = normal(c.task, c.case);
      const own = normal(c.task, c.case, reader);
      const latent =
        separation * (c.label as number) + Math.sqrt(shared) * difficulty + Math.sqrt(1 - shared) * own;
      const score = 1 + cuts.filter((cut) => latent - separation / 2 - shift >= cut).length;
      return { case: c.case, reader, experience, task: c.task, score, simulated: true };
    });
  });
}
