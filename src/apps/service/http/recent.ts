/** Keys that were added a short time ago. In memory: each process has its own. */
export interface Recent {
  has(key: string): boolean;
  add(key: string): void;
}

/** Keys that are kept; the one that was added longest ago goes first. */
const mostKeys = 10_000;

/** @param now the time, milliseconds since 1970 */
export function openRecent(keptMs: number, now: () => number): Recent {
  const kept = new Map<string, number>();
  return {
    has: (key) => now() - (kept.get(key) ?? -Infinity) < keptMs,
    add: (key) => {
      kept.delete(key);
      kept.set(key, now());
      if (kept.size > mostKeys) kept.delete(kept.keys().next().value!);
    },
  };
}
