import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import type { CalledReading } from "./readerCutoff.ts";

/** One reading of each reader, task, case and mode, and what was made of several. */
interface SingleReads {
  readonly readings: readonly CalledReading[];
  readonly notes: readonly string[];
}

/**
 * Several reads of a case by one reader made one: the mean score, and the first read's decision, for a reader's
 * operating point is that of single reads. Multi-reader methods have one score of each reader, case and modality;
 * a reader's own variability then lies in the variance by less than single reads would have it.
 */
export function singleReads(
  readings: readonly CalledReading[],
  tasks: readonly TaskDefinition[],
): SingleReads {
  const key = (r: CalledReading) => [r.reader, r.task, r.case, r.aided === true].join("\u0000");
  const groups = [...Map.groupBy(readings, key).values()];
  const several = groups.filter((reads) => reads.length > 1);
  if (several.length === 0) return { readings, notes: [] };
  const of = ([{ reader, task, aided = false }]: readonly CalledReading[]) =>
    `${tasks.find(({ name }) => name === task)?.title ?? task}: ${reader} read`.concat(
      aided ? " with the model" : "",
    );
  return {
    readings: groups.map((reads) => {
      const [first] = reads.toSorted((a, b) => (a.read ?? 1) - (b.read ?? 1));
      if (reads.length === 1) return first;
      return { ...first, score: reads.reduce((sum, r) => sum + r.score, 0) / reads.length };
    }),
    notes: [...Map.groupBy(several, of)].map(([who, own]) => {
      const times = own.map((reads) => reads.length);
      const [least, most] = [Math.min(...times), Math.max(...times)];
      return `${who} ${own.length} case${own.length === 1 ? "" : "s"} more than once (${least === most ? most : `${least} to ${most}`} times); the mean of the scores and the first decision count.`;
    }),
  };
}
