import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { runPool } from "../../../base/threads.ts";
import { software } from "../../../base/version.ts";
import type { Work } from "../../../base/work.ts";
import type { DetectionOptions } from "../scores/lesions.ts";
import type { LabelScheme } from "./labelScheme.ts";
import type { OverlapResults } from "./overlapResults.ts";
import { type MaskPair, pairCases } from "./pairCases.ts";
import type { PairJob, ScoredPair } from "./scorePair.ts";
import { summarizeClass } from "./summarize.ts";
import { worstPictures } from "./worstPictures.ts";

/** What is compared, and how. */
export interface CompareMasksOptions extends Work {
  readonly scheme: LabelScheme;
  readonly detection: Required<DetectionOptions>;
  /** Pictures of each class, 0 or more. */
  readonly pictures: number;
  /** A folder of images by the cases' names, or the image of the only case. */
  readonly images?: string | undefined;
  readonly seed: number;
}

/**
 * Scores predicted label maps against a reference: two files, or the cases that two folders share. A case that cannot
 * be read or lies on another grid is left out, and said so; of two files it is an error.
 *
 * @throws as `pairCases`; E_FILE_MISSING without the images; E_COHORT where no case could be scored; E_INTERRUPTED
 */
export async function compareMasks(
  reference: string,
  predicted: string,
  options: CompareMasksOptions,
): Promise<OverlapResults> {
  const { scheme, detection, pictures, images, seed, signal, progress } = options;
  if (images !== undefined && !existsSync(images))
    throw new TrinephronError("E_FILE_MISSING", `--images ${images}: not there`);
  const { pairs, leftOut } = await pairCases(reference, predicted);
  const outcomes = await scorePairs(pairs, options);
  const scored = pairs.flatMap((pair, n) => {
    const outcome = outcomes[n];
    return outcome instanceof TrinephronError ? [] : [{ pair, outcome }];
  });
  const failed = pairs.flatMap((pair, n) => {
    const outcome = outcomes[n];
    return outcome instanceof TrinephronError ? [{ case: pair.case, reason: outcome.line }] : [];
  });
  if (scored.length === 0) {
    const [first] = outcomes;
    if (pairs.length === 1 && first instanceof TrinephronError) throw first;
    throw new TrinephronError(
      "E_COHORT",
      `none of ${pairs.length} cases could be scored: ${failed[0].reason}`,
    );
  }
  const remarks = new Map(scored.map(({ pair, outcome }) => [pair, [...outcome.remarks]]));
  const worst = await worstPictures(scored, {
    ...{ scheme, pictures, images, signal, progress },
    onRemark: (pair, remark) => void remarks.get(pair)!.push(remark),
  });
  return {
    format: "trinephron-overlap/1",
    software,
    created: new Date().toISOString(),
    seed,
    reference: basename(resolve(reference)),
    predicted: basename(resolve(predicted)),
    classes: scheme.classes.map(({ labels, ...rest }) => ({ ...rest, labels: [...labels] })),
    detection,
    cases: scored.map(({ pair, outcome }) => ({
      case: pair.case,
      scores: outcome.scores,
      remarks: remarks.get(pair)!,
    })),
    leftOut: [...leftOut, ...failed],
    summary: scheme.classes.map((each, c) =>
      summarizeClass(
        each,
        scored.map(({ outcome }) => outcome.scores[c]),
        seed,
      ),
    ),
    pictures: worst,
  };
}

async function scorePairs(
  pairs: readonly MaskPair[],
  { scheme, detection, threads, signal, progress }: CompareMasksOptions,
): Promise<(ScoredPair | TrinephronError)[]> {
  const outcomes: (ScoredPair | TrinephronError)[] = [];
  let done = 0;
  await runPool<PairJob, ScoredPair>(
    pairs.map((pair) => ({ ...pair, scheme, detection })),
    {
      worker: new URL(`./scorePair.worker${extname(import.meta.url)}`, import.meta.url),
      threads,
      signal,
      done: (index, outcome) => {
        outcomes[index] = outcome;
        progress?.("scoring", ++done, pairs.length, pairs[index].case);
      },
    },
  );
  return outcomes;
}
