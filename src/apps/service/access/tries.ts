/** Counts tries that failed, and says how long the next has to wait. In memory: each process counts for itself. */
export interface Tries {
  /** Milliseconds until one may try again; 0: now. */
  wait(key: string): number;
  /** Counts a try as failed before it is made, lest many are made at once. */
  begin(key: string): void;
  /** The try did not fail. */
  forgive(key: string): void;
  /** Forgets all that failed. */
  forget(key: string): void;
}

export interface TriesOptions {
  /** So many may fail before one has to wait. */
  readonly free: number;
  /** The first wait; each further failure doubles it. */
  readonly firstMs: number;
  /** The longest wait; what failed longer ago than twice this is forgotten. */
  readonly longestMs: number;
  readonly now: () => number;
}

/** Keys that are kept; the one that failed longest ago goes first. */
const mostKeys = 10_000;

export function openTries({ free, firstMs, longestMs, now }: TriesOptions): Tries {
  const kept = new Map<string, { readonly failures: number; readonly at: number; readonly until: number }>();
  const found = (key: string) => {
    const known = kept.get(key);
    return known && now() - known.at < 2 * longestMs ? known : undefined;
  };
  return {
    wait: (key) => Math.max(0, (found(key)?.until ?? 0) - now()),
    begin: (key) => {
      const failures = (found(key)?.failures ?? 0) + 1;
      const waitMs = failures < free ? 0 : Math.min(longestMs, firstMs * 2 ** (failures - free));
      kept.delete(key);
      kept.set(key, { failures, at: now(), until: now() + waitMs });
      if (kept.size > mostKeys) kept.delete(kept.keys().next().value!);
    },
    forgive: (key) => {
      const known = kept.get(key);
      if (known) kept.set(key, { ...known, failures: known.failures - 1, until: 0 });
    },
    forget: (key) => void kept.delete(key),
  };
}
