import { createHash } from "node:crypto";
import { isInterruption } from "../../../base/errors.ts";
import { derivedSeed } from "../../../base/random.ts";
import { phasesOf } from "../../../patients/cohort/case.ts";
import { namesOf } from "../../../patients/cohort/tasks.ts";
import { failurePicture, worstCases, writeFailurePictures } from "../checks/failures.ts";
import { perturb, perturbationApplies, perturbationName, robustnessRows } from "../checks/robustness.ts";
import { subgroupRows } from "../checks/subgroups.ts";
import type { ExperimentResults } from "../experimentResults.ts";
import { type Logits, meanLogits } from "../logits.ts";
import type { View } from "../modelStore.ts";
import type { ExperimentOptions } from "../options.ts";
import { type Perturbation, settingsOf } from "../plan.ts";
import type { Workbench } from "../workbench.ts";
import { answersOfSeeds, figuresOfSeeds, type SeedAnswers } from "./seeds.ts";
import { modelsOf, runOf } from "./variant.ts";

type ExternalTests = Pick<ExperimentResults, "seeds" | "subgroups" | "robustness" | "failures">;

/** The item `seeds`, and what is done with its models' answers: subgroups, perturbed crops, worst cases. */
export async function externalTests(bench: Workbench, options: ExperimentOptions): Promise<ExternalTests> {
  const { plan, store, development, external, left, notes } = bench;
  const found: ExternalTests = { seeds: null, subgroups: null, robustness: null, failures: null };
  if (!plan.seeds) return found;
  const { seeds } = plan.seeds;
  const { tasks } = store;
  const variants = bench.named(plan.seeds.models);
  const models = seeds.length * variants.reduce((sum, variant) => sum + modelsOf(variant, tasks), 0);
  const answered = await bench.attempt("seeds", models, async () => ({
    answers: await answersOfSeeds({ plan, store, development, external, variants, seeds }),
  }));
  if (!answered) {
    for (const item of ["subgroups", "robustness", "failures"] as const)
      if (plan[item]) left.push({ item, what: "waits for the models of seeds" });
    return found;
  }
  const { answers } = answered;
  found.seeds = { models, ...figuresOfSeeds(answers, external, seeds, tasks) };
  const ofSeeds = ({ bySeed }: SeedAnswers) => bySeed.map(({ logits }) => logits);
  const mtdl = answers.find(({ variant }) => variant.kind === "mtdl");
  if (plan.subgroups) {
    const means = answers.map((a) => ({ name: a.variant.name, logits: meanLogits(ofSeeds(a)) }));
    found.subgroups = subgroupRows(external, tasks, means, plan.subgroups.minimum, phasesOf(options.cohort));
  }
  if (plan.failures && mtdl) {
    const { crop, threads } = settingsOf(plan, {}, namesOf(store.tasks), plan.seed);
    const { cohort, folder, cacheFolder } = options;
    found.failures = worstCases(external, tasks, ofSeeds(mtdl), plan.failures.perTask, failurePicture);
    await writeFailurePictures(folder, cohort, found.failures, crop, { cacheFolder, threads });
  }
  if (plan.robustness && mtdl)
    try {
      found.robustness = await robustness(bench, mtdl);
    } catch (error) {
      if (!isInterruption(error)) throw error;
      left.push({ item: "robustness", what: "answers to changed crops" });
    }
  if (found.robustness?.length === 0) notes.push("Robustness: no change of the plan applies to these crops.");
  return found;
}

/** Each seed's multi-task model asked again about every external crop, changed; logits averaged over the seeds. */
async function robustness(
  { plan, store, development, external, notes }: Workbench,
  { variant, bySeed }: SeedAnswers,
): Promise<ExternalTests["robustness"]> {
  const { crop } = settingsOf(plan, {}, namesOf(store.tasks), plan.seed);
  const { perturbations, replicates } = plan.robustness!;
  const perturbed = [];
  for (const p of perturbations) {
    if (!perturbationApplies(p, crop)) {
      notes.push(`Robustness: ${perturbationName(p)} does not apply to these crops.`);
      continue;
    }
    const all: Logits[] = [];
    for (const seed of plan.seeds!.seeds) {
      const run = await runOf(variant, namesOf(store.tasks), { plan, store, development, seed });
      all.push(await store.answer(run, external, viewOf(p, plan.seed)));
    }
    perturbed.push({ name: perturbationName(p), logits: meanLogits(all) });
  }
  const plain = meanLogits(bySeed.map(({ logits }) => logits));
  return robustnessRows(external, store.tasks, plain, perturbed, {
    seed: derivedSeed(plan.seed, "robustness"),
    replicates,
  });
}

/** Its name tells every perturbation and seed from any other. */
function viewOf(p: Perturbation, seed: number): View {
  const name = createHash("sha256")
    .update(JSON.stringify([p, seed]))
    .digest("hex")
    .slice(0, 8);
  return {
    name: `${p.kind}-${name}`,
    apply: (crop, settings) => perturb(crop, settings, p, derivedSeed(seed, perturbationName(p))),
  };
}
