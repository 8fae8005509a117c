import { quantile } from "../../../numerics/stats/index.ts";
import { variance } from "../../../numerics/stats/moments.ts";
import type { ScoredClass } from "../scores/classes.ts";
import type { Detection } from "../scores/lesions.ts";
import type { ClassScores } from "../scores/scoreClass.ts";
import { ratioOverCases } from "./caseInterval.ts";
import { type OverlapResults, summarized } from "./overlapResults.ts";

type Summary = OverlapResults["summary"][number];

/** Limits between sizes of lesions, mm: those of small renal masses, T1a, T1b and T2. */
const sizesMm = [0, 20, 40, 70];

/**
 * One class over cases: each score's distribution with the interval of its mean, and what was found of all lesions.
 * @param scores of every case
 */
export function summarizeClass(
  { name, lesions }: ScoredClass,
  scores: readonly ClassScores[],
  seed: number,
): Summary {
  const empty = (which: ClassScores["empty"]) => scores.filter((each) => each.empty === which).length;
  const distributions = summarized.map((score) => [
    score,
    distribution(
      scores.flatMap((each) => each[score] ?? []),
      seed,
    ),
  ]);
  return {
    class: name,
    empty: { reference: empty("reference"), predicted: empty("predicted"), both: empty("both") },
    scores: Object.fromEntries(distributions) as Summary["scores"],
    detection: lesions
      ? detectionOver(
          scores.flatMap(({ detection }) => detection ?? []),
          seed,
        )
      : null,
  };
}

function distribution(values: readonly number[], seed: number): Summary["scores"]["dice"] {
  if (values.length === 0) return null;
  const mean = ratioOverCases(
    values.map((count) => ({ count, of: 1 })),
    seed,
  )!;
  return {
    n: values.length,
    mean: mean.value,
    ci: mean.ci,
    sd: values.length < 2 ? null : Math.sqrt(variance(values)),
    median: quantile(values, 0.5),
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
  };
}

function detectionOver(cases: readonly Detection[], seed: number): Summary["detection"] {
  const counts = cases.map(({ reference, predicted, specks }) => ({
    lesions: reference.length,
    found: reference.filter(({ iou }) => iou !== null).length,
    marked: predicted.length,
    specks,
  }));
  const sum = (key: keyof (typeof counts)[number]) => counts.reduce((total, each) => total + each[key], 0);
  const over = (parts: (each: (typeof counts)[number]) => { count: number; of: number }) =>
    ratioOverCases(counts.map(parts), seed);
  return {
    lesions: sum("lesions"),
    found: sum("found"),
    falsePositives: sum("marked") - sum("found"),
    specks: sum("specks"),
    sensitivity: over(({ found, lesions }) => ({ count: found, of: lesions })),
    precision: over(({ found, marked }) => ({ count: found, of: marked })),
    f1: over(({ found, lesions, marked }) => ({ count: 2 * found, of: lesions + marked })),
    falsePositivesPerCase: over(({ found, marked }) => ({ count: marked - found, of: 1 })),
    bySize: sizesMm.map((fromMm, n) => {
      const toMm = sizesMm[n + 1] ?? null;
      const within = cases.flatMap(({ reference }) =>
        reference.filter(({ diameterMm }) => diameterMm >= fromMm && diameterMm < (toMm ?? Infinity)),
      );
      return { fromMm, toMm, lesions: within.length, found: within.filter(({ iou }) => iou !== null).length };
    }),
  };
}
