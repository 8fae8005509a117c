import { random } from "../../../src/base/random.ts";
import type { PredictionRow } from "../../../src/evidence/predictions/predictions.ts";
import type { ValidationInput } from "../../../src/evidence/validate/validatePredictions.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";

/** `n` drawn cases of centre B with all labels and three models' probabilities, on a grid of 0.01 so that some tie. */
export function drawnPredictions(n: number, seed = 5): PredictionRow[] {
  const draw = random(seed);
  return Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    tasks.map((task): PredictionRow => {
      const label = draw.uniform() < 0.3 ? 1 : 0;
      const common = draw.normal();
      const probability = (effect: number) =>
        Math.round(100 / (1 + Math.exp(-(effect * (label - 0.5) + 0.6 * common + 0.8 * draw.normal())))) /
        100;
      return {
        case: `case_${i}`,
        center: "B",
        task,
        label,
        probabilities: { mtdl: probability(1.7), stdl: probability(1.3), size: probability(0.9) },
      };
    }),
  );
}

export function studyOf(
  predictions: readonly PredictionRow[],
  more: Partial<ValidationInput> = {},
): ValidationInput {
  const threshold = { threshold: 0.5, chosen: "Youden, validation cases of A" };
  return {
    predictions,
    thresholds: Object.fromEntries(
      tasks.map((task) => [
        task,
        { mtdl: threshold, stdl: threshold, size: { ...threshold, threshold: 0.45 } },
      ]),
    ),
    readers: [],
    replicates: 50,
    flow: [{ step: "labelled", in: 10, out: 10, excluded: [] }],
    table1: { centers: [{ center: "B", n: 10 }], rows: [] },
    models: [
      { id: "mtdl", name: "Multi-task", kind: "mtdl" },
      { id: "stdl", name: "Single-task", kind: "stdl" },
      { id: "size", name: "Size only", kind: "baseline" },
    ],
    seed: 1,
    created: "2026-01-01T00:00:00.000Z",
    study: {
      title: "A drawn study",
      development: "A",
      external: ["B"],
      sources: ["procedural"],
      stageLabel: "simulated",
      notes: ["Drawn numbers."],
    },
    ...more,
  };
}
