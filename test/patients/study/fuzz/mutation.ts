import type { Random } from "../../../../src/base/random.ts";
import type { Tolerance } from "./compare.ts";
import { type DataSet, find, textOf } from "./dataSet.ts";
import { type Kind, type SmallPhase, type Study, type StudyFile, seriesUid } from "./study.ts";

/** How the reading of a mutated study may end. */
export type End = "same" | "same, said" | "different, said" | "refused";

/** One way to write the same study otherwise, or to spoil it. */
export interface Mutation {
  readonly name: string;
  readonly of: readonly Kind[];
  /** Every end it may have; each must be reached. */
  readonly ends: readonly End[];
  /** What a remark or error says of it. */
  readonly says?: RegExp;
  /** By how much a result may differ and still be the same; nothing by default. */
  readonly within?: Partial<Tolerance>;
  /** The study that it writes otherwise; the unchanged one by default. */
  readonly from?: (study: Study) => Study;
  apply(study: Study, draw: Random): Study;
}

export const dicomKinds: readonly Kind[] = ["SEG", "RTSTRUCT", "NIfTI mask"];

/** Whether a file is a slice of CT, of a phase's where one is given. */
export const isCt = ({ dataSet, bytes }: StudyFile, phase?: SmallPhase): boolean =>
  bytes === undefined &&
  find(dataSet, "7fe00010") !== undefined &&
  textOf(dataSet, "00080060") === "CT" &&
  (phase === undefined || textOf(dataSet, "0020000e") === seriesUid(phase));

/** Every file changed that is one. */
export const eachFile = (
  study: Study,
  change: (file: StudyFile, n: number) => StudyFile,
  of: (file: StudyFile) => boolean = () => true,
): Study => {
  let n = 0;
  return { ...study, files: study.files.map((file) => (of(file) ? change(file, n++) : file)) };
};

/** Every data set changed. */
export const eachDataSet = (
  study: Study,
  change: (dataSet: DataSet, n: number) => DataSet,
  of: (file: StudyFile) => boolean = () => true,
): Study => eachFile(study, (file, n) => ({ ...file, dataSet: change(file.dataSet, n) }), of);

/** The slices of a phase, by position. */
export const slicesOf = ({ files }: Study, phase: SmallPhase): readonly StudyFile[] =>
  files.filter((file) => isCt(file, phase));

/** The file of the mask. */
export const maskOf = ({ files }: Study): StudyFile => files[files.length - 1];

/** The study with other files in place of some; none takes a file out. */
export const exchanged = (study: Study, changes: ReadonlyMap<StudyFile, readonly StudyFile[]>): Study => ({
  ...study,
  files: study.files.flatMap((file) => changes.get(file) ?? [file]),
});

export const pick = <T>(draw: Random, items: readonly T[]): T => items[draw.integer(items.length)];
