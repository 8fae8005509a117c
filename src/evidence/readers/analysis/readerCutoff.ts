import { TrinephronError } from "../../../base/errors.ts";
import type { Reading } from "../readings.ts";

/**
 * Whether each of one reader's readings calls the case positive: by the `decision` where every reading has one;
 * else by the scale that holds all of the reader's scores: whole numbers 1 to 5 from 4 up, probabilities in [0, 1]
 * from 0.5 up.
 * @param readings all of one reader's, of every task, so that one scale is found for all
 * @throws E_FORMAT for scores on another scale without decisions, or decisions on some readings only
 */
export function readerDecisions(readings: readonly Reading[]): boolean[] {
  const decided = readings.filter((r) => r.decision !== undefined).length;
  const reader = readings[0]?.reader;
  if (decided > 0 && decided < readings.length)
    throw new TrinephronError(
      "E_FORMAT",
      `reader ${reader}: a decision on ${decided} of ${readings.length} readings`,
      "give one on all or none",
    );
  if (decided > 0) return readings.map((r) => r.decision === 1);
  const scores = readings.map((r) => r.score);
  if (scores.every((s) => Number.isInteger(s) && s >= 1 && s <= 5)) return scores.map((s) => s >= 4);
  if (scores.every((s) => s >= 0 && s <= 1)) return scores.map((s) => s >= 0.5);
  throw new TrinephronError(
    "E_FORMAT",
    `reader ${reader}: scores that are neither whole numbers 1 to 5 nor probabilities`,
    "add a column decision (0 or 1)",
  );
}

/** A reading with whether it calls the case positive. */
export interface CalledReading extends Reading {
  readonly called: boolean;
}

/** All readings, each called at its reader's cut-off; readers in their order. @throws E_FORMAT as `readerDecisions` */
export function calledReadings(readings: readonly Reading[]): CalledReading[] {
  return [...Map.groupBy(readings, (r) => r.reader).values()].flatMap((own) => {
    const called = readerDecisions(own);
    return own.map((reading, i) => ({ ...reading, called: called[i] }));
  });
}
