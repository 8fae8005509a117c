import type { Curve } from "../../src/evidence/experiment/experimentResults.ts";
import { studyNames } from "../../src/patients/cohort/tasks.ts";

const models = ["mtdl", "stdl", "size"] as const;

/** A made-up learning curve: areas that rise with the logarithm of the cases, intervals that narrow. */
export function drawnCurve(ats: readonly number[]): Curve {
  const seeds = [1, 2, 3];
  const auc = studyNames.flatMap((task, t) =>
    models.flatMap((model, m) =>
      ats.map((at, i) => {
        const value = model === "size" ? 0.45 + 0.15 * t : 0.6 + 0.04 * t - 0.05 * m + (0.06 - 0.01 * t) * i;
        const half = 0.12 - 0.02 * i;
        const ci: [number, number] = [value - half, value + half];
        return {
          task,
          model,
          at,
          n: 178,
          positives: 60,
          value,
          ci,
          df: 4 + i,
          bySeed: seeds.map(() => value),
        };
      }),
    ),
  );
  return {
    models: ats.length * 12,
    seeds,
    subsets: [],
    auc,
    differences: studyNames.flatMap((task, t) =>
      (["stdl", "size"] as const).flatMap((b) =>
        ats.map((at, i) => {
          const difference = b === "stdl" ? 0.05 - 0.01 * i - 0.02 * t : 0.2;
          const half = 0.09 - 0.02 * i;
          const ci: [number, number] = [difference - half, difference + half];
          return {
            task,
            a: "mtdl",
            b,
            at,
            difference,
            ci,
            df: null,
            p: 0.2,
            bySeed: seeds.map(() => difference),
          };
        }),
      ),
    ),
  };
}
