import { TrinephronError } from "../../../base/errors.ts";
import { classes, pick } from "../classes.ts";

/**
 * What one reader says of the cases in one modality: a column in the order of the labels, NaN where the reader did not
 * read the case.
 */
export type SparseColumn = ArrayLike<number>;

/** One reader's cases, and of every positive and negative case together whether the reader tells them apart. */
export interface Judged {
  /** 1 where the case was read, in the order of the class's cases. */
  readonly positives: Uint8Array;
  readonly negatives: Uint8Array;
  /** `[positive × negatives + negative]`: 1 told apart, ½ alike, 0 the wrong way round or not both read. */
  readonly right: Float64Array;
  /** Its sums over negative and over positive cases. */
  readonly byPositive: Float64Array;
  readonly byNegative: Float64Array;
  /** Pairs of a positive and a negative case that were both read. */
  readonly pairs: number;
  /** NaN where there is no such pair. */
  readonly auc: number;
}

/** @throws E_LABEL, E_ONE_CLASS as `classes`; E_VALUE for a column of another length or an infinite score */
export function judged(labels: ArrayLike<number>, columns: readonly SparseColumn[]): Judged[] {
  const cases = classes(labels);
  return columns.map((column) => {
    if (column.length !== labels.length)
      throw new TrinephronError("E_VALUE", `${column.length} scores of ${labels.length} cases`);
    if (Array.from(column).some((score) => Math.abs(score) === Infinity))
      throw new TrinephronError("E_VALUE", "a score that is not a finite number");
    const [p, n] = [pick(column, cases.positives), pick(column, cases.negatives)];
    const right = new Float64Array(p.length * n.length);
    const [byPositive, byNegative] = [new Float64Array(p.length), new Float64Array(n.length)];
    for (let i = 0; i < p.length; i++) {
      if (Number.isNaN(p[i])) continue;
      for (let j = 0, at = i * n.length; j < n.length; j++, at++) {
        right[at] = p[i] > n[j] ? 1 : p[i] === n[j] ? 0.5 : 0;
        byPositive[i] += right[at];
        byNegative[j] += right[at];
      }
    }
    const read = (side: Float64Array) => Uint8Array.from(side, (score) => (Number.isNaN(score) ? 0 : 1));
    const [positives, negatives] = [read(p), read(n)];
    const pairs = sum(positives) * sum(negatives);
    return { positives, negatives, right, byPositive, byNegative, pairs, auc: sum(byPositive) / pairs };
  });
}

/**
 * The reader's judgements less a constant. In a design in which all are alike (factorial, split-plot of equal parts) a
 * covariance does not change with it; in others a constant other than nought makes most of an estimate's noise, since
 * moments and squared mean are taken over differently weighted pairs.
 */
export function less(constant: number, reader: Judged): Judged {
  const { positives, negatives, byPositive, byNegative } = reader;
  const right = reader.right.slice();
  const width = negatives.length;
  const [p, n] = [sum(positives), sum(negatives)];
  for (let i = 0; i < positives.length; i++)
    if (positives[i] === 1)
      for (let j = 0, at = i * width; j < width; j++, at++) right[at] -= constant * negatives[j];
  return {
    ...reader,
    right,
    byPositive: byPositive.map((x, i) => x - constant * positives[i] * n),
    byNegative: byNegative.map((x, j) => x - constant * negatives[j] * p),
  };
}

/**
 * Sums of products over two case pairs, and how many products: of the same two cases; of one positive case; of one
 * negative case; of any cases. Each kind holds those before it.
 */
type Four = readonly [same: number, positive: number, negative: number, any: number];

interface Sums {
  readonly products: Four;
  readonly counts: Four;
}

/** Of two readers (or one reader twice), each with the cases read. */
function pairSums(a: Judged, b: Judged): Sums {
  const width = a.negatives.length;
  let same = 0;
  for (let i = 0; i < a.positives.length; i++) {
    if (a.positives[i] === 0 || b.positives[i] === 0) continue;
    for (let at = i * width; at < (i + 1) * width; at++) same += a.right[at] * b.right[at];
  }
  const [p, n] = [dot(a.positives, b.positives), dot(a.negatives, b.negatives)];
  return {
    products: [
      same,
      dot(a.byPositive, b.byPositive),
      dot(a.byNegative, b.byNegative),
      sum(a.byPositive) * sum(b.byPositive),
    ],
    counts: [
      p * n,
      p * sum(a.negatives) * sum(b.negatives),
      n * sum(a.positives) * sum(b.positives),
      a.pairs * b.pairs,
    ],
  };
}

/** Of sums over all cases those in which cases differ where they may: what unbiased moments are made of. */
const apart = ([same, positive, negative, any]: Four): Four => [
  same,
  positive - same,
  negative - same,
  any - positive - negative + same,
];

/** A covariance of two modalities' mean AUCs (or the variance of one's), with what its degrees of freedom need. */
export interface OneShotCovariance {
  readonly value: number;
  /** Of negative cases, positive cases and readers: the share of it in the design's variance, 0 where none is shared. */
  readonly coefficients: Factors;
  /** The same factors' variance components from biased moments; 0 where none is shared. */
  readonly components: Factors;
}

interface Factors {
  readonly negatives: number;
  readonly positives: number;
  readonly readers: number;
}

/**
 * One-shot estimate of the covariance of two mean AUCs over random readers and cases, of any design: eight second
 * moments of telling a case pair apart, by what two such judgements share (reader, positive case, negative case),
 * weighted by how often the design holds them (Gallas, Acad Radiol 2006;13:353; Gallas & Brown, Neural Networks
 * 2008;21:387; components: Gallas et al., Commun Stat Theory 2009;38:2586, eq. 19).
 * @param sameReader whether reader r of `a` and reader s of `b` are one person
 * @throws E_TOO_FEW where no two readers judged different cases, so that the squared mean cannot be estimated
 */
export function oneShotCovariance(
  a: readonly Judged[],
  b: readonly Judged[],
  sameReader: (r: number, s: number) => boolean,
): OneShotCovariance {
  const own = zeros();
  const all = zeros();
  a.forEach((x, r) =>
    b.forEach((y, s) => {
      const sums = pairSums(x, y);
      for (const into of sameReader(r, s) ? [own, all] : [all])
        for (let k = 0; k < 4; k++) {
          into.products[k] += sums.products[k];
          into.counts[k] += sums.counts[k];
        }
    }),
  );
  const counts = eight(apart(own.counts), apart(all.counts));
  if (counts[7] === 0)
    throw new TrinephronError(
      "E_TOO_FEW",
      "no two readers who judged different positive and different negative cases",
      "a variance over readers and cases needs two or more of each",
    );
  const products = eight(apart(own.products), apart(all.products));
  const moments = products.map((total, k) => (counts[k] === 0 ? 0 : total / counts[k]));
  const coefficients = counts.map((n) => n / all.counts[3]);
  const shares = (...kinds: number[]) => kinds.reduce((total, k) => total + coefficients[k], 0);
  const shared = {
    negatives: shares(0, 2, 4, 6),
    positives: shares(0, 1, 4, 5),
    readers: shares(0, 1, 2, 3),
  };
  const biased = (sums: typeof all, k: number) =>
    sums.counts[k] === 0 ? 0 : sums.products[k] / sums.counts[k];
  const component = (share: number, value: number) => (share === 0 ? 0 : value - biased(all, 3));
  return {
    value: moments.reduce((total, m, k) => total + (coefficients[k] - (k === 7 ? 1 : 0)) * m, 0),
    coefficients: shared,
    components: {
      negatives: component(shared.negatives, biased(all, 2)),
      positives: component(shared.positives, biased(all, 1)),
      readers: component(shared.readers, biased(own, 3)),
    },
  };
}

/** Moments of one reader, then of two. */
const eight = (own: Four, all: Four): number[] => [...own, ...all.map((value, k) => value - own[k])];

/**
 * Covariance of two readers' AUCs over random cases, these readers fixed: the four moments of one reader's estimate
 * (Gallas 2006) with each reader's own cases. 0 for readers who share no case.
 * @throws E_TOO_FEW where a reader has one case of a class
 */
export function fixedCovariance(a: Judged, b: Judged): number {
  const { products, counts } = pairSums(a, b);
  const n = apart(counts);
  const shared = counts[1] + counts[2] > 0;
  if (!shared) return 0;
  if (n[3] === 0)
    throw new TrinephronError(
      "E_TOO_FEW",
      "a reader with one case of a class",
      "a variance needs two or more",
    );
  const m = apart(products).map((total, k) => (n[k] === 0 ? 0 : total / n[k]));
  return m.reduce((total, moment, k) => total + (n[k] / counts[3] - (k === 3 ? 1 : 0)) * moment, 0);
}

const zeros = () => ({
  products: [0, 0, 0, 0] as [number, number, number, number],
  counts: [0, 0, 0, 0] as [number, number, number, number],
});

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k];
  return total;
};

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k] * b[k];
  return total;
};
