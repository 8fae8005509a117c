import { derivedSeed, random } from "../../base/random.ts";
import type { Case } from "./case.ts";
import { patientsOf, type SplitOptions } from "./split.ts";

/**
 * The patients in an order of which every beginning is a stratified draw, so that the draws of all sizes lie within
 * each other. Each stratum (patients of the same labels, as {@link splitDevelopment} has it) is shuffled, and its i-th
 * of m patients gets the place (i + u) / m, with one u in [0, 1) a stratum: systematic sampling (Cochran, Sampling
 * Techniques, 1977, ch. 8). The patients up to place f are fewer than one patient of each stratum off the share f, and
 * each patient is among them with the same chance. The order of the cases does not matter.
 * @returns each patient's cases
 */
export function nestedOrder(
  cases: readonly Case[],
  { seed, stratifyBy }: Pick<SplitOptions, "seed" | "stratifyBy">,
): Case[][] {
  const draw = random(derivedSeed(seed, "nested"));
  const own = Map.groupBy(cases, (c) => c.patient);
  const strata = Map.groupBy(patientsOf(cases, stratifyBy), ({ classes }) => classes.join());
  return [...strata]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, stratum]) => {
      const offset = draw.uniform();
      return draw
        .shuffle([...stratum])
        .map(({ name }, i) => ({ name, place: (i + offset) / stratum.length }));
    })
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
    .map(({ name }) => own.get(name)!);
}

/** The first patients' cases, as many whole patients as do not make more than `count` cases together. */
export function firstCases(order: readonly (readonly Case[])[], count: number): Case[] {
  const chosen: Case[] = [];
  for (const own of order) {
    if (chosen.length + own.length > count) break;
    chosen.push(...own);
  }
  return chosen;
}
