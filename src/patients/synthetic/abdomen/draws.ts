import { derivedSeed, random } from "../../../base/random.ts";

/** Draws of one organ of one patient: named, so that a draw more here moves none there. */
export interface Draws {
  uniform(): number;
  normal(): number;
  between(low: number, high: number): number;
  /** Normal with a mean and SD, cut at two SD. */
  around(mean: number, sd: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Uniform whole number from `low` to `high`, both included. */
  count(low: number, high: number): number;
}

export function draws(seed: number, ...parts: (string | number)[]): Draws {
  const r = random(derivedSeed(seed, ...parts));
  return {
    uniform: () => r.uniform(),
    normal: () => r.normal(),
    between: (low, high) => low + (high - low) * r.uniform(),
    around: (mean, sd) => mean + sd * Math.min(Math.max(r.normal(), -2), 2),
    chance: (share) => r.uniform() < share,
    pick: (items) => items[r.integer(items.length)],
    count: (low, high) => low + r.integer(high - low + 1),
  };
}
