import type { TaskSample } from "../../predictions/taskSample.ts";
import type { CalledReading } from "./readerCutoff.ts";
import {
  type CommonCases,
  commonCases,
  type ReaderGroup,
  readerGroups,
  readersOf,
  type SparseCases,
  sparseCases,
} from "./readerGroups.ts";

/** Rows of one kind, and why some are not there. */
export interface Outcomes<T> {
  readonly rows: readonly T[];
  readonly notes: readonly string[];
}

/** What a group of readers read of a task, in one mode or in both. */
export interface Design {
  readonly group: ReaderGroup;
  readonly readers: readonly string[];
  readonly sample: TaskSample;
  readonly common: CommonCases;
  /** Where not every reader read every case: all that was read. */
  readonly sparse: SparseCases | undefined;
  /** Of the first mode. */
  readonly aided: boolean;
  /** Names it in notes. */
  readonly where: string;
}

/** Every task, group and set of modes in which there are two or more readers. */
export function designs(
  readings: readonly CalledReading[],
  samples: readonly TaskSample[],
  modes: readonly (readonly boolean[])[],
): Design[] {
  const groups = readerGroups(readings);
  return samples.flatMap((sample) =>
    groups.flatMap((group) =>
      modes.flatMap((mode) => {
        const readers = readersOf(readings, group, sample.task, mode);
        if (readers.length < 2) return [];
        const common = commonCases(readings, sample, readers, mode);
        const factorial = common.read === common.labels.length;
        return {
          group,
          readers,
          sample,
          common,
          sparse: factorial ? undefined : sparseCases(readings, sample, readers, mode),
          aided: mode[0],
          where: `${sample.definition.title}, ${group.group}${mode.length > 1 ? " without and with the model" : mode[0] ? " with the model" : ""}`,
        };
      }),
    ),
  );
}

/** Two or more cases of each class. */
export const enough = ({ labels, positives }: Pick<CommonCases, "labels" | "positives">): boolean =>
  Math.min(positives, labels.length - positives) >= 2;

export const described = ({ group, readers, sample }: Design, n: number) => ({
  task: sample.task,
  group: group.group,
  simulated: group.simulated,
  readers: [...readers],
  n,
});

/** Numbers of a design in which not every reader read every case. */
interface DesignCounts {
  readonly casesEach: [least: number, most: number];
  readonly readersEach: [least: number, most: number];
  readonly pairsPerCase: number;
}

export function designCounts({ scores, labels }: SparseCases): DesignCounts {
  const read = (score: number) => (Number.isNaN(score) ? 0 : 1);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const cases = scores.flat().map((column) => sum(column.map(read)));
  const readers = scores.flatMap((mode) => labels.map((_, k) => sum(mode.map((column) => read(column[k])))));
  return {
    casesEach: [Math.min(...cases), Math.max(...cases)],
    readersEach: [Math.min(...readers), Math.max(...readers)],
    pairsPerCase: sum(readers.map((n) => (n * (n - 1)) / 2)) / readers.length,
  };
}
