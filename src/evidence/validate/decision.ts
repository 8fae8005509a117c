import { decisionCurve, netBenefitDifference, netBenefitOfNone } from "../../numerics/stats/index.ts";
import type { TaskSample } from "../predictions/taskSample.ts";
import type { Results } from "./results.ts";

type Decision = Results["decision"][number];

/** Threshold probabilities of the decision curves: 0.01 … 0.99. */
const grid = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/**
 * Decision curves of all models at one task with bootstrap bands, beside treating all and none, and the net benefit of
 * `main` less that of each other model on the same bootstrap samples.
 */
export function decisionOf(
  sample: TaskSample,
  models: readonly { readonly id: string }[],
  main: string,
  options: { readonly seed: number; readonly replicates: number },
): Decision {
  const { task, labels } = sample;
  const curves = models.map(({ id }) => ({
    model: id,
    points: decisionCurve(labels, sample.scores(id), grid, options),
  }));
  return {
    task,
    thresholds: grid,
    curves: [
      ...curves.map(({ model, points }) => ({
        model,
        netBenefit: points.map((p) => p.netBenefit),
        ci: points.map((p) => pair(p.ci)),
      })),
      { model: "all", netBenefit: curves[0].points.map((p) => p.all) },
      { model: "none", netBenefit: netBenefitOfNone(grid) },
    ],
    differences: models
      .filter(({ id }) => id !== main)
      .map(({ id }) => {
        const points = netBenefitDifference(labels, sample.scores(main), sample.scores(id), grid, options);
        return {
          a: main,
          b: id,
          difference: points.map((p) => p.difference),
          ci: points.map((p) => pair(p.ci)),
        };
      }),
    method: `bootstrap of cases, percentile, ${options.replicates} replicates, pointwise`,
  };
}

const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];
