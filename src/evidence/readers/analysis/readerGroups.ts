import type { TaskSample } from "../../predictions/taskSample.ts";
import type { CalledReading } from "./readerCutoff.ts";
import { allReaders } from "./readerResults.ts";

/** Readers analysed together: never simulated ones with human beings. */
export interface ReaderGroup {
  /** `all readers`, or an experience. */
  readonly group: string;
  readonly simulated: boolean;
  /** In their file's order. */
  readonly readers: readonly string[];
}

/** All readers, and those of each experience where there are several; two or more readers each. */
export function readerGroups(
  readings: readonly Pick<CalledReading, "reader" | "experience" | "simulated">[],
): ReaderGroup[] {
  const readers = [...new Map(readings.map((r) => [r.reader, r])).values()];
  return [false, true].flatMap((simulated) => {
    const own = readers.filter((r) => r.simulated === simulated);
    const byExperience = [...Map.groupBy(own, (r) => r.experience)];
    return [
      { group: allReaders, members: own },
      ...(byExperience.length > 1 ? byExperience.map(([group, members]) => ({ group, members })) : []),
    ]
      .filter(({ members }) => members.length > 1)
      .map(({ group, members }) => ({ group, simulated, readers: members.map((r) => r.reader) }));
  });
}

/** What several readers said of the labelled cases that all of them read, in one mode or in both. */
export interface CommonCases {
  readonly labels: readonly number[];
  readonly positives: number;
  /** Of each case, in the sample. */
  readonly indices: readonly number[];
  /** `[mode][reader][case]`, modes as asked. */
  readonly readings: readonly (readonly (readonly CalledReading[])[])[];
  /** Labelled cases that some of the readers read, in any of the modes. */
  readonly read: number;
}

/**
 * The labelled cases of a task that every one of these readers read in every mode, so that the design is factorial.
 * @param modes without (`false`) and with (`true`) the model's answer in sight
 */
export function commonCases(
  readings: readonly CalledReading[],
  sample: TaskSample,
  readers: readonly string[],
  modes: readonly boolean[],
): CommonCases {
  const byMode = readingsByCase(readings, sample, readers, modes);
  const all = byMode.flat();
  const indices = sample.cases.flatMap((id, i) => (all.every((own) => own.has(id)) ? i : []));
  const labels = indices.map((i) => sample.labels[i]);
  return {
    labels,
    positives: labels.filter((y) => y === 1).length,
    indices,
    readings: byMode.map((mode) =>
      mode.map((own) => indices.map((i) => own.get(sample.cases[i]) as CalledReading)),
    ),
    read: sample.cases.filter((id) => all.some((own) => own.has(id))).length,
  };
}

/** Of each case of a study in which not every reader read every case. */
export interface SparseCases {
  readonly labels: readonly number[];
  readonly positives: number;
  /** Of each case that some of the readers read, in the sample. */
  readonly indices: readonly number[];
  /** `[mode][reader][case]`, modes as asked; NaN where not read. */
  readonly scores: readonly (readonly (readonly number[])[])[];
}

/** The labelled cases of a task that any of these readers read, in any of the modes. */
export function sparseCases(
  readings: readonly CalledReading[],
  sample: TaskSample,
  readers: readonly string[],
  modes: readonly boolean[],
): SparseCases {
  const byMode = readingsByCase(readings, sample, readers, modes);
  const all = byMode.flat();
  const indices = sample.cases.flatMap((id, i) => (all.some((own) => own.has(id)) ? i : []));
  const labels = indices.map((i) => sample.labels[i]);
  return {
    labels,
    positives: labels.filter((y) => y === 1).length,
    indices,
    scores: byMode.map((mode) =>
      mode.map((own) => indices.map((i) => own.get(sample.cases[i])?.score ?? Number.NaN)),
    ),
  };
}

/** `[mode][reader]`: what was read of each case. */
const readingsByCase = (
  readings: readonly CalledReading[],
  { task }: TaskSample,
  readers: readonly string[],
  modes: readonly boolean[],
): Map<string, CalledReading>[][] =>
  modes.map((aided) =>
    readers.map(
      (reader) =>
        new Map(
          readings
            .filter((r) => r.reader === reader && r.task === task && (r.aided === true) === aided)
            .map((r) => [r.case, r]),
        ),
    ),
  );

/** Those of the group who read this task in every one of these modes. */
export const readersOf = (
  readings: readonly CalledReading[],
  { readers }: ReaderGroup,
  task: string,
  modes: readonly boolean[],
): string[] =>
  readers.filter((reader) =>
    modes.every((aided) =>
      readings.some((r) => r.reader === reader && r.task === task && (r.aided === true) === aided),
    ),
  );
