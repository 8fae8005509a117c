import { random } from "../../../../src/base/random.ts";
import type { PredictionRow } from "../../../../src/evidence/predictions/predictions.ts";
import type { Reading } from "../../../../src/evidence/readers/readings.ts";

/** Four drawn readers who read every case on a scale of 0 to 100, first without and then with the model's answer. */
export function drawnReaders(predictions: readonly PredictionRow[], seed = 21): Reading[] {
  const draw = random(seed);
  return ["Ada", "Ben", "Cleo", "Dan"].flatMap((reader, j) =>
    predictions.flatMap((p) => {
      const own = 50 + 14 * (p.label === 1 ? 1 : -1) + 22 * draw.normal() + 2 * j;
      const helped = 0.6 * own + 40 * p.probabilities.mtdl;
      return [own, helped].map((latent, i): Reading => {
        const score = Math.min(100, Math.max(0, Math.round(latent)));
        return {
          case: p.case,
          reader,
          experience: j < 2 ? "junior" : "senior",
          task: p.task,
          score,
          decision: score >= 50 ? 1 : 0,
          aided: i === 1,
          simulated: false,
        };
      });
    }),
  );
}
