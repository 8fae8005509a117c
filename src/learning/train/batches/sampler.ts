import { derivedSeed, random } from "../../../base/random.ts";

export interface SamplerSettings {
  readonly batch: number;
  readonly seed: number;
  /** Draw cases of rare label combinations more often. */
  readonly balanced: boolean;
}

/**
 * The cases of an epoch's batches: a shuffle, or with `balanced` as many draws with replacement, a case's chance going
 * with 1 / √(cases of the same labels). A pure function of seed and epoch; the rest of an incomplete batch is left out.
 * @param cases indices to draw from
 * @param labels `[case][task]`, of all indices
 */
export function epochBatches(
  cases: readonly number[],
  labels: readonly (readonly (number | undefined)[])[],
  { batch, seed, balanced }: SamplerSettings,
  epoch: number,
): number[][] {
  const draw = random(derivedSeed(seed, "epoch", epoch));
  const order = balanced ? weightedDraws(cases, labels, draw.uniform) : draw.shuffle([...cases]);
  return Array.from({ length: Math.floor(cases.length / batch) }, (_, b) =>
    order.slice(b * batch, (b + 1) * batch),
  );
}

function weightedDraws(
  cases: readonly number[],
  labels: readonly (readonly (number | undefined)[])[],
  uniform: () => number,
): number[] {
  const group = (c: number) => labels[c].join();
  const sizes = new Map<string, number>();
  for (const c of cases) sizes.set(group(c), (sizes.get(group(c)) ?? 0) + 1);
  let total = 0;
  const cumulative = cases.map((c) => (total += 1 / Math.sqrt(sizes.get(group(c))!)));
  return cases.map(() => {
    const at = uniform() * total;
    return cases[cumulative.findIndex((sum) => sum > at)];
  });
}
