import { TrinephronError } from "../../../base/errors.ts";
import {
  fleissKappa,
  type Interval,
  icc,
  iccInterval,
  jackknife,
  meanKappa,
} from "../../../numerics/stats/index.ts";
import type { TaskSample } from "../../predictions/taskSample.ts";
import type { CalledReading } from "./readerCutoff.ts";
import { described, designs, enough, type Outcomes } from "./readerDesigns.ts";
import type { ReaderAnalyses } from "./readerResults.ts";

type Row = ReaderAnalyses["agreement"][number];
type Measure = Pick<Row, "measure" | "method"> & { readonly value: number; readonly ci: Interval };

const levels = [1, 2, 3, 4, 5];

/**
 * Agreement among each group's readers on the cases that all of them read: Fleiss's kappa of their decisions, and of
 * their scores the mean pairwise quadratic-weighted kappa (five levels) or else the intraclass correlation ICC(2,1).
 * A measure that does not exist (all decided alike, scores that do not vary) is left out.
 */
export function readerAgreement(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
): Outcomes<Row> {
  const rows = designs(readings, samples, [[false], [true]]).flatMap((design) => {
    const { common, aided } = design;
    if (!enough(common)) return [];
    const [columns] = common.readings;
    return [decisions(columns), scores(columns)].flatMap((found): Row[] =>
      found === undefined
        ? []
        : [{ ...described(design, common.labels.length), aided, ...found, ci: [...found.ci] }],
    );
  });
  return { rows, notes: [] };
}

type Columns = readonly (readonly CalledReading[])[];

function decisions(columns: Columns): Measure | undefined {
  const counts = columns[0].map((_, i) => {
    const yes = columns.filter((column) => column[i].called).length;
    return [columns.length - yes, yes];
  });
  return where(() => ({
    measure: "fleiss-kappa",
    ...jackknife(counts.length, (indices) => fleissKappa(indices.map((i) => counts[i]))),
    method: "Fleiss’s kappa of the decisions, jackknife over cases",
  }));
}

function scores(columns: Columns): Measure | undefined {
  const ratings = columns.map((column) => column.map((r) => r.score));
  if (ratings.flat().every((score) => levels.includes(score)))
    return where(() => ({
      measure: "weighted-kappa",
      ...jackknife(ratings[0].length, (indices) =>
        meanKappa(
          ratings.map((own) => indices.map((i) => own[i])),
          levels,
          "quadratic",
        ),
      ),
      method: "mean pairwise quadratic-weighted kappa of the scores, jackknife over cases",
    }));
  const subjects = ratings[0].map((_, i) => ratings.map((own) => own[i]));
  return where(() => ({
    measure: "icc",
    value: icc(subjects).icc21,
    ci: iccInterval(subjects).icc21,
    method: "ICC(2,1) of the scores, Shrout and Fleiss’s interval",
  }));
}

/** Undefined where the measure does not exist for these data. */
function where(measure: () => Measure & { readonly error?: number }): Measure | undefined {
  try {
    const { error: _, ...found } = measure();
    return [found.value, ...found.ci].every(Number.isFinite) ? found : undefined;
  } catch (error) {
    if (error instanceof TrinephronError && ["E_ONE_CLASS", "E_TOO_FEW", "E_VALUE"].includes(error.code))
      return undefined;
    throw error;
  }
}
