import { delongAuc, mrmc, mrmcMean, mrmcStandalone } from "../../../numerics/stats/index.ts";
import type { TaskSample } from "../../predictions/taskSample.ts";
import type { CalledReading } from "./readerCutoff.ts";
import { type CommonCases, commonCases, type ReaderGroup, readerGroups, readersOf } from "./readerGroups.ts";
import type { ReaderAnalyses } from "./readerResults.ts";

/** Rows of one kind, and why some are not there. */
export interface Outcomes<T> {
  readonly rows: readonly T[];
  readonly notes: readonly string[];
}

type Against = ReaderAnalyses["againstMtdl"][number];
type Aid = ReaderAnalyses["aid"][number];

const method = "Obuchowski–Rockette, Hillis’s degrees of freedom, DeLong covariances";
const factors = ["readers and cases", "cases"] as const;

/**
 * The model against the mean of each group of readers on the cases that all of them read (`mrmcStandalone`), with
 * readers as a sample and with these readers only.
 * @param model id of the model compared, e.g. `mtdl`
 */
export function modelAgainstReaders(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
  model: string,
): Outcomes<Against> {
  return each(readings, samples, [[false], [true]], ({ group, readers, sample, common, aided }) => {
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
        ...described(group, readers, sample, labels.length),
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
  });
}

/** Each group's readers without and with the model's answer in sight, on the cases they all read in both modes. */
export function readersWithModel(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
): Outcomes<Aid> {
  return each(readings, samples, [[true, false]], ({ group, readers, sample, common }) => {
    const { labels, positives } = common;
    const scores = common.readings.map((mode) => mode.map((column) => column.map((r) => r.score)));
    return factors.flatMap((random) => {
      const { means, differences, test, components } = mrmc(labels, scores, { random });
      if (!Number.isFinite(test.f)) return [];
      const [aided, unaided] = means.map((m) => ({
        value: m.value,
        ci: [m.ci[0], m.ci[1]] as [number, number],
      }));
      const { meanSquares, variance, cov1, cov2, cov3 } = components;
      const row: Aid = {
        ...described(group, readers, sample, labels.length),
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
  });
}

const finite = (df: number): number | null => (Number.isFinite(df) ? df : null);

export const described = (
  { group, simulated }: ReaderGroup,
  readers: readonly string[],
  { task }: TaskSample,
  n: number,
) => ({ task, group, simulated, readers: [...readers], n });

interface Design {
  readonly group: ReaderGroup;
  readonly readers: readonly string[];
  readonly sample: TaskSample;
  readonly common: CommonCases;
  /** Of the first mode. */
  readonly aided: boolean;
}

/** Every task, group and set of modes in which two or more readers share cases enough. */
export function each<T>(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
  modes: readonly (readonly boolean[])[],
  analyze: (design: Design) => readonly T[],
): Outcomes<T> {
  const rows: T[] = [];
  const notes: string[] = [];
  for (const sample of samples)
    for (const group of readerGroups(readings))
      for (const mode of modes) {
        const readers = readersOf(readings, group, sample.task, mode);
        if (readers.length < 2) continue;
        const common = commonCases(readings, sample, readers, mode);
        const where = `${sample.definition.title}, ${group.group}${mode[0] ? " with the model" : ""}`;
        const { labels, positives } = common;
        if (Math.min(positives, labels.length - positives) < 2) {
          notes.push(
            `${where}: no multi-reader analysis, for they share ${positives} positive and ${labels.length - positives} negative cases.`,
          );
          continue;
        }
        if (common.read > labels.length)
          notes.push(
            `${where}: the multi-reader analysis has the ${labels.length} cases that all of them read, of ${common.read} read by some.`,
          );
        const found = analyze({ group, readers, sample, common, aided: mode[0] });
        if (found.length === 0) notes.push(`${where}: no multi-reader analysis (no variance).`);
        rows.push(...found);
      }
  return { rows, notes };
}
