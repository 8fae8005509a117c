import { TrinephronError } from "../../../base/errors.ts";
import {
  delongAuc,
  mrmcOneShot,
  mrmcOneShotStandalone,
  type OneShotDifference,
  type OneShotMean,
} from "../../../numerics/stats/index.ts";
import { type Design, described, designCounts, enough } from "./readerDesigns.ts";
import type { SparseCases } from "./readerGroups.ts";
import type { ReaderAnalyses } from "./readerResults.ts";

type Against = ReaderAnalyses["againstMtdl"][number];
type Aid = ReaderAnalyses["aid"][number];

const method =
  "Gallas’s one-shot U-statistics for any design, about the mean, degrees of freedom of Obuchowski, Gallas and Hillis";
const factors = ["readers and cases", "cases"] as const;

/** The model against the mean of readers who did not all read the same cases. */
export function againstSparse(design: Design, sparse: SparseCases, model: string): Against[] {
  const { labels, indices } = sparse;
  const all = design.sample.scores(model);
  const own = indices.map((i) => all[i]);
  const [scores] = sparse.scores;
  const { value, ci } = delongAuc(labels, own);
  return factors.flatMap((random) => {
    const found = mrmcOneShotStandalone(labels, own, scores, { random });
    const plain = mrmcOneShotStandalone(labels, own, scores, { random, centered: false });
    if (!estimated(found, found.readers)) return [];
    const row: Against = {
      ...common(design, sparse, random, plain),
      aided: design.aided,
      mean: mean(found.readers),
      mtdl: { value, ci: [...ci] },
      difference: found.value,
      ci: [...found.ci],
      t: found.t,
      df: finite(found.df),
      p: found.p,
    };
    return [row];
  });
}

/** Readers without and with the model's answer, who did not all read the same cases both ways. */
export function aidOfSparse(design: Design, sparse: SparseCases): Aid[] {
  const { labels, scores } = sparse;
  return factors.flatMap((random) => {
    const { means, differences } = mrmcOneShot(labels, scores, { random });
    const [difference] = differences;
    const [plain] = mrmcOneShot(labels, scores, { random, centered: false }).differences;
    if (!estimated(difference, ...means)) return [];
    const row: Aid = {
      ...common(design, sparse, random, plain),
      unaided: mean(means[1]),
      aided: mean(means[0]),
      difference: difference.value,
      ci: [...difference.ci],
      f: difference.t ** 2,
      df1: 1,
      df2: finite(difference.df),
      p: difference.p,
      components: null,
    };
    return [row];
  });
}

const common = (
  design: Design,
  sparse: SparseCases,
  random: (typeof factors)[number],
  plain: OneShotDifference,
) => ({
  ...described(design, sparse.labels.length),
  positives: sparse.positives,
  random,
  method,
  design: designCounts(sparse),
  uncenteredError: finite(plain.error),
});

const mean = ({ value, ci }: OneShotMean) => ({ value, ci: [ci[0], ci[1]] as [number, number] });

const estimated = ({ t }: OneShotDifference, ...means: readonly OneShotMean[]): boolean =>
  Number.isFinite(t) && means.every(({ ci }) => ci.every(Number.isFinite));

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** Rows, or why a design allows none. */
export function sparsely<T>(rows: () => readonly T[]): {
  readonly rows: readonly T[];
  readonly reason?: string;
} {
  try {
    return { rows: rows(), reason: "no variance, or an estimate of it below nought" };
  } catch (error) {
    if (error instanceof TrinephronError && ["E_ONE_CLASS", "E_TOO_FEW"].includes(error.code))
      return { rows: [], reason: error.message };
    throw error;
  }
}

/** Which design, and by which method it was analysed. */
export function sparseNote(
  { readers, where, common: { labels, positives } }: Design,
  sparse: SparseCases,
): string {
  const { casesEach, readersEach, pairsPerCase } = designCounts(sparse);
  const counts = `${readers.length} readers, ${range(casesEach)} of ${sparse.labels.length} cases each, ${range(readersEach)} reader${readersEach[1] === 1 ? "" : "s"} a case, ${pairsPerCase.toFixed(1)} pairs of readers a case`;
  const agreement = enough({ labels, positives })
    ? `Agreement is of the ${labels.length} cases that all of them read.`
    : "There is no agreement, for all of them read fewer than two cases of a class.";
  return `${where}: not every reader read every case (${counts}). The multi-reader analysis is of all that was read, by ${method}; a reader counts by the pairs of a positive and a negative case read.${sparse.scores.length === 1 ? ` ${agreement}` : ""}`;
}

const range = ([least, most]: readonly [number, number]): string =>
  least === most ? String(most) : `${least} to ${most}`;
