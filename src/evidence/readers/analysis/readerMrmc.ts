import { delongAuc, mrmc, mrmcMean, mrmcStandalone } from "../../../numerics/stats/index.ts";
import type { TaskSample } from "../../predictions/taskSample.ts";
import type { CalledReading } from "./readerCutoff.ts";
import { type Design, described, designs, enough, type Outcomes } from "./readerDesigns.ts";
import type { SparseCases } from "./readerGroups.ts";
import { againstSparse, aidOfSparse, sparsely, sparseNote } from "./readerOneShot.ts";
import type { ReaderAnalyses } from "./readerResults.ts";

type Against = ReaderAnalyses["againstMtdl"][number];
type Aid = ReaderAnalyses["aid"][number];

const method = "Obuchowski–Rockette, Hillis’s degrees of freedom, DeLong covariances";
const factors = ["readers and cases", "cases"] as const;

/**
 * The model against the mean of each group of readers (`mrmcStandalone`), with readers as a sample and with these
 * readers only; where not every reader read every case, over all that was read (`mrmcOneShotStandalone`).
 * @param model id of the model compared, e.g. `mtdl`
 */
export function modelAgainstReaders(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
  model: string,
): Outcomes<Against> {
  const factorial = (design: Design): Against[] => {
    const { sample, common, aided } = design;
    const { labels, indices, positives } = common;
    const all = sample.scores(model);
    const own = indices.map((i) => all[i]);
    const scores = common.readings[0].map((column) => column.map((r) => r.score));
    const { value, ci } = delongAuc(labels, own);
    return factors.flatMap((random) => {
      const mean = mrmcMean(labels, scores, { random });
      const found = mrmcStandalone(labels, own, scores, { random });
      if (!Number.isFinite(found.t)) return [];
      const row: Against = {
        ...described(design, labels.length),
        positives,
        random,
        method,
        aided,
        mean: { value: mean.value, ci: [...mean.ci] },
        mtdl: { value, ci: [...ci] },
        difference: found.value,
        ci: [...found.ci],
        t: found.t,
        df: finite(found.df),
        p: found.p,
      };
      return [row];
    });
  };
  return analyzed(designs(readings, samples, [[false], [true]]), factorial, (design, sparse) =>
    againstSparse(design, sparse, model),
  );
}

/**
 * Each group's readers without and with the model's answer in sight (`mrmc`); where not every reader read every case
 * both ways, over all that was read (`mrmcOneShot`).
 */
export function readersWithModel(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
): Outcomes<Aid> {
  const factorial = (design: Design): Aid[] => {
    const { labels, positives, readings: modes } = design.common;
    const scores = modes.map((mode) => mode.map((column) => column.map((r) => r.score)));
    return factors.flatMap((random) => {
      const { means, differences, test, components } = mrmc(labels, scores, { random });
      if (!Number.isFinite(test.f)) return [];
      const [aided, unaided] = means.map((m) => ({
        value: m.value,
        ci: [m.ci[0], m.ci[1]] as [number, number],
      }));
      const { meanSquares, variance, cov1, cov2, cov3 } = components;
      const row: Aid = {
        ...described(design, labels.length),
        positives,
        random,
        method,
        unaided,
        aided,
        difference: differences[0].value,
        ci: [...differences[0].ci],
        f: test.f,
        df1: test.df1,
        df2: finite(test.df2),
        p: test.p,
        components: { ...meanSquares, variance, cov1, cov2, cov3 },
      };
      return [row];
    });
  };
  return analyzed(designs(readings, samples, [[true, false]]), factorial, aidOfSparse);
}

const finite = (df: number): number | null => (Number.isFinite(df) ? df : null);

/** Each design's rows, by the analysis that it allows. */
function analyzed<T extends Pick<Against, "random">>(
  all: readonly Design[],
  factorial: (design: Design) => readonly T[],
  ofSparse: (design: Design, sparse: SparseCases) => readonly T[],
): Outcomes<T> {
  const rows: T[] = [];
  const notes: string[] = [];
  for (const design of all) {
    const { where, sparse } = design;
    const { labels, positives } = sparse ?? design.common;
    if (!enough({ labels, positives })) {
      notes.push(
        `${where}: no multi-reader analysis, for they ${sparse ? "read" : "share"} ${positives} positive and ${labels.length - positives} negative cases.`,
      );
      continue;
    }
    const found = sparse ? sparsely(() => ofSparse(design, sparse)) : { rows: factorial(design) };
    const reason = found.reason ?? "no variance";
    if (sparse && found.rows.length > 0) {
      notes.push(sparseNote(design, sparse));
      const lacking = factors.find((random) => found.rows.every((row) => row.random !== random));
      if (lacking)
        notes.push(
          `${where}: no multi-reader analysis with ${lacking === "cases" ? "these readers only" : "readers as a sample"} (${reason}).`,
        );
    }
    if (found.rows.length === 0) notes.push(`${where}: no multi-reader analysis (${reason}).`);
    rows.push(...found.rows);
  }
  return { rows, notes };
}
