import type { Case } from "../../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import type { Seeds } from "../experimentResults.ts";
import { type Logits, meanLogits, samplesOf } from "../logits.ts";
import type { ModelStore } from "../modelStore.ts";
import type { Plan } from "../plan.ts";
import { settled } from "../settled.ts";
import { aucOf, spreadOf, testMeanPair, testPair } from "./compare.ts";
import { answerVariant, trainVariant, type Variant } from "./variant.ts";

export interface SeedsOptions {
  readonly plan: Pick<Plan, "development" | "settings">;
  readonly store: ModelStore;
  readonly development: readonly Case[];
  readonly external: readonly Case[];
  /** The others are compared with the first. */
  readonly variants: readonly Variant[];
  readonly seeds: readonly number[];
}

/** A variant's answers to the external cases: of each seed, or of none where seeds decide nothing (size). */
export interface SeedAnswers {
  readonly variant: Variant;
  readonly bySeed: readonly { readonly seed: number | null; readonly logits: Logits }[];
}

/**
 * The same settings with other seeds: other first weights, order and augmentation of the training cases, and other
 * validation patients. Every model is trained before the first external case is opened.
 * @throws E_INTERRUPTED where a model is missing
 */
export async function answersOfSeeds(options: SeedsOptions): Promise<SeedAnswers[]> {
  const { external, variants, seeds } = options;
  await settled(
    seeds.flatMap((seed) => variants.map((variant) => trainVariant(variant, { ...options, seed }))),
  );
  const answered = variants.map(async (variant) => {
    const bySeed = (variant.kind === "size" ? [null] : seeds).map(async (seed) => ({
      seed,
      logits: await answerVariant(variant, { ...options, seed: seed ?? 0 }, external),
    }));
    return { variant, bySeed: await settled(bySeed) };
  });
  return settled(answered);
}

/**
 * AUC of each seed, their mean and spread (no seed is picked), the AUC of the mean logit; the first variant against
 * each other, seed by seed and averaged.
 * @throws E_ONE_CLASS, E_TOO_FEW for an external set without two cases of each class of a task
 */
export function figuresOfSeeds(
  answers: readonly SeedAnswers[],
  external: readonly Case[],
  seeds: readonly number[],
  tasks: readonly TaskDefinition[],
): Omit<Seeds, "models"> {
  const samples = samplesOf(external, tasks, "external cases");
  const [first, ...others] = answers;
  const ofSeed = ({ bySeed }: SeedAnswers, s: number) => (bySeed.length === 1 ? bySeed[0] : bySeed[s]).logits;
  const found: Omit<Seeds, "models"> = {
    seeds: [...seeds],
    auc: [],
    summary: [],
    differences: [],
    averaged: [],
  };
  for (const sample of samples) {
    const { task } = sample;
    for (const { variant, bySeed } of answers) {
      const each = bySeed.map(({ seed, logits }) => ({ seed, ...aucOf(sample, logits) }));
      found.auc.push(...each.map((row) => ({ task, model: variant.name, ...row })));
      found.summary.push({
        task,
        model: variant.name,
        ...spreadOf(each.map(({ value }) => value)),
        meanLogit: aucOf(sample, meanOf(bySeed)),
      });
    }
    for (const other of others) {
      const names = { task, a: first.variant.name, b: other.variant.name };
      const rows = seeds.map((seed, s) => ({
        ...names,
        seed,
        ...testPair(sample, ofSeed(first, s), ofSeed(other, s)),
      }));
      found.differences.push(...rows);
      found.averaged.push({
        ...names,
        ofSeeds: spreadOf(rows.map(({ difference }) => difference)),
        meanDifference: testMeanPair(sample, logitsOf(first), logitsOf(other)),
        meanLogit: testPair(sample, meanOf(first.bySeed), meanOf(other.bySeed)),
      });
    }
  }
  return found;
}

const logitsOf = ({ bySeed }: SeedAnswers) => bySeed.map(({ logits }) => logits);

const meanOf = (bySeed: SeedAnswers["bySeed"]) => meanLogits(bySeed.map(({ logits }) => logits));
