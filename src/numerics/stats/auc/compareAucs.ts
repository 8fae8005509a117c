import { classes } from "../classes.ts";
import { type Adjustment, adjust } from "../tests/adjust.ts";
import { auc } from "./auc.ts";
import { aucInterval, aucReplicates, bootstrapDifference } from "./bootstrapAuc.ts";
import { delongAuc, delongPaired, type Interval } from "./delong.ts";
import { marginTest } from "./nonInferiority.ts";

/** DeLong's variance, or the stratified bootstrap. */
export const compareMethods = ["delong", "bootstrap"] as const;

/** How AUCs are compared. */
export interface CompareAucsOptions {
  /** Of intervals and tests, default `delong`. */
  readonly method?: (typeof compareMethods)[number];
  /** Bootstrap samples, default 2000. */
  readonly replicates?: number;
  /** Of the bootstrap, default 1. */
  readonly seed?: number;
  /** Of the pairs' p-values; default none. */
  readonly adjust?: Adjustment;
  /** Margin for the test that each pair's first AUC is not inferior to its second; default no test. */
  readonly noninferiority?: number;
}

/** AUCs of several scores of the same cases, and every two compared. */
export interface AucComparison {
  readonly n: number;
  readonly positives: number;
  /** By column, with 95 % intervals. */
  readonly auc: Readonly<Record<string, { readonly value: number; readonly ci: Interval }>>;
  /** Every two columns, in the columns' order. */
  readonly pairs: readonly AucPair[];
  readonly method: string;
  readonly adjust?: Adjustment;
}

/** Two of the scores compared. */
export interface AucPair {
  readonly a: string;
  readonly b: string;
  /** AUC of a less that of b. */
  readonly difference: number;
  readonly ci: Interval;
  /** ±∞ where the AUCs differ without variance. */
  readonly z: number;
  /** Two-sided, before adjustment. */
  readonly p: number;
  readonly pAdjusted?: number;
  /** One-sided, as `nonInferiority`. */
  readonly noninferiority?: { readonly margin: number; readonly z: number; readonly p: number };
}

/**
 * AUCs of several scores of the same cases, and the paired test of every two.
 * @param labels 1 positive, 0 negative
 * @param columns scores by name, higher for positive
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS, E_TOO_FEW as `delongAuc`; E_VALUE as `aucReplicates`, and for
 * a margin outside (0, 1)
 */
export function compareAucs(
  labels: ArrayLike<number>,
  columns: ReadonlyMap<string, ArrayLike<number>>,
  options: CompareAucsOptions = {},
): AucComparison {
  const names = [...columns.keys()];
  const { method = "delong", replicates = 2000, adjust: adjustment, noninferiority: margin } = options;
  const analysis = (method === "delong" ? byDelong : byBootstrap)(labels, [...columns.values()], options);
  const tested = names.flatMap((a, i) =>
    names.slice(i + 1).map((b, j) => ({ a, b, ...analysis.pair(i, i + 1 + j) })),
  );
  const pValues = tested.map(({ p }) => p);
  const adjusted = adjustment && adjust(pValues, adjustment);
  return {
    n: labels.length,
    positives: classes(labels).positives.length,
    auc: Object.fromEntries(names.map((name, i) => [name, analysis.aucs[i]])),
    pairs: tested.map(({ standardError, ...pair }, i) => ({
      ...pair,
      ...(adjusted && { pAdjusted: adjusted[i] }),
      ...(margin !== undefined && {
        noninferiority: { margin, ...marginTest(pair.difference, standardError, margin) },
      }),
    })),
    method: method === "delong" ? "DeLong" : `bootstrap, ${replicates} replicates`,
    ...(adjustment && { adjust: adjustment }),
  };
}

interface Analysis {
  readonly aucs: { value: number; ci: Interval }[];
  /** The test of columns i and j. */
  readonly pair: (
    i: number,
    j: number,
  ) => Pick<AucPair, "difference" | "ci" | "z" | "p"> & {
    readonly standardError: number;
  };
}

function byDelong(labels: ArrayLike<number>, columns: readonly ArrayLike<number>[]): Analysis {
  return {
    aucs: columns.map((scores) => {
      const { value, ci } = delongAuc(labels, scores);
      return { value, ci };
    }),
    pair: (i, j) => {
      const { variance, ...test } = delongPaired(labels, columns[i], columns[j]);
      return { ...test, standardError: Math.sqrt(variance) };
    },
  };
}

function byBootstrap(
  labels: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
  { seed = 1, replicates = 2000 }: CompareAucsOptions,
): Analysis {
  const options = { seed, replicates };
  const drawn = aucReplicates(labels, columns, options);
  const values = columns.map((scores) => auc(labels, scores));
  return {
    aucs: columns.map((scores, i) => ({
      value: values[i],
      ci: aucInterval(labels, scores, drawn[i], options),
    })),
    pair: (i, j) => bootstrapDifference(values[i] - values[j], drawn[i], drawn[j]),
  };
}
