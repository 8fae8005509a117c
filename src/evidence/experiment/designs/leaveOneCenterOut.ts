import type { Case } from "../../../patients/cohort/case.ts";
import type { LeftOut } from "../experimentResults.ts";
import { samplesOf } from "../logits.ts";
import type { ModelStore } from "../modelStore.ts";
import type { Plan } from "../plan.ts";
import { settled } from "../settled.ts";
import { aucOf, testPair } from "./compare.ts";
import { answerVariant, type Variant } from "./variant.ts";

export interface LeaveOneCenterOutOptions {
  readonly plan: Pick<Plan, "development" | "settings" | "seed">;
  readonly store: ModelStore;
  readonly cases: readonly Case[];
  /** The others are compared with the first. */
  readonly variants: readonly Variant[];
}

export const centersOf = (cases: readonly Case[]): string[] => [...new Set(cases.map((c) => c.center))];

/**
 * Each centre answered by models of all the others. The development centre has no part of its own here, so these
 * models are none of those that `seeds` tests.
 * @throws E_ONE_CLASS, E_TOO_FEW for a centre without two cases of each class of a task; E_INTERRUPTED
 */
export async function leaveOneCenterOut(options: LeaveOneCenterOutOptions): Promise<Omit<LeftOut, "models">> {
  const { plan, store, cases, variants } = options;
  const found: Omit<LeftOut, "models"> = { auc: [], differences: [] };
  const centers = centersOf(cases).map((center) => {
    const test = cases.filter((c) => c.center === center);
    return { center, test, samples: samplesOf(test, store.tasks, `centre ${center}`) };
  });
  const asked = centers.map(async ({ center, test, samples }) => {
    const development = cases.filter((c) => c.center !== center);
    const situation = { plan, store, development, seed: plan.seed };
    const answers = await settled(variants.map((variant) => answerVariant(variant, situation, test)));
    return { center, samples, answers };
  });
  for (const { center, samples, answers } of await settled(asked))
    for (const sample of samples)
      for (const [v, logits] of answers.entries()) {
        const { name } = variants[v];
        found.auc.push({ task: sample.task, model: name, center, ...aucOf(sample, logits) });
        if (v > 0)
          found.differences.push({
            task: sample.task,
            a: variants[0].name,
            b: name,
            center,
            ...testPair(sample, answers[0], logits),
          });
      }
  return found;
}
