import type { Interval } from "../auc/delong.ts";
import { criticalValue } from "../distributions/normal.ts";

/** An estimate with its large-sample error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** Wald: value ± critical value · standard error. */
  readonly ci: Interval;
}

/** An estimate with Wald's interval. @throws E_VALUE for a level outside (0, 1) */
export function wald(value: number, variance: number, level = 0.95): Estimate {
  const standardError = Math.sqrt(variance);
  const half = criticalValue(level) * standardError;
  return { value, standardError, ci: [value - half, value + half] };
}
