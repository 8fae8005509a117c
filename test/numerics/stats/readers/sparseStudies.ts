import { random } from "../../../../src/base/random.ts";

/** Scores of a reader study in which not every reader reads every case: `[modality][reader][case]`, NaN not read. */
export interface SparseStudy {
  readonly labels: number[];
  readonly scores: number[][][];
}

/** Drawn whole scores of two modalities; which reader read which case in which modality is `read`'s to say. */
function drawn(
  [positives, negatives, readers]: readonly [number, number, number],
  seed: number,
  read: (modality: number, reader: number, k: number, chance: number) => boolean,
): SparseStudy {
  const draw = random(seed);
  const labels = Array.from({ length: positives + negatives }, (_, k) => (k < positives ? 1 : 0));
  const difficulty = labels.map(() => draw.normal());
  const scores = [0, 1].map((i) =>
    Array.from({ length: readers }, (_, j) =>
      labels.map((y, k) => {
        const score = Math.round(
          10 + (1.6 + 0.7 * i + 0.4 * (j % 3)) * y + 1.2 * difficulty[k] + 2 * draw.normal(),
        );
        return read(i, j, k, draw.uniform()) ? score : Number.NaN;
      }),
    ),
  );
  return { labels, scores };
}

/** 42 positive and 36 negative cases in three blocks, two of six readers read each block in both modalities. */
export const splitPlot = (): SparseStudy => drawn([42, 36, 6], 11, (_, j, k) => k % 3 === j % 3);
/** Five readers who each read six cases of ten, others in each modality. */
export const scattered = (): SparseStudy => drawn([30, 40, 5], 12, (_i, _j, _k, chance) => chance < 0.6);
/** Four readers with cases of their own, of unequal number. */
export const nested = (): SparseStudy =>
  drawn([40, 44, 4], 13, (_, j, k) => [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3][k % 12] === j);
/** Seven readers, four in one modality only, three in the other only, all on all cases. */
export const unpaired = (): SparseStudy => drawn([25, 30, 7], 14, (i, j) => j < 4 === (i === 0));
