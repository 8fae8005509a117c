import type { TaskDefinition } from "./taskDefinition.ts";

/** The contrast phases that a model reads where its cohort names no other images, in channel order. */
export const phases = ["corticomedullary", "nephrographic", "excretory"] as const;
/** Name of one of these contrast phases. */
export type StudyPhase = (typeof phases)[number];
/** Name of an image of a case: a contrast phase, or a column that the cohort names. */
export type Phase = string;

/** The images of a cohort, in channel order: its own, or the contrast phases. */
export const phasesOf = ({ phases: own }: Pick<Cohort, "phases">): readonly Phase[] => own ?? phases;

/** Names with the contrast phases first, in their order. */
export const inOrder = (names: readonly Phase[]): Phase[] => [
  ...phases.filter((phase) => names.includes(phase)),
  ...names.filter((name) => !isStudyPhase(name)),
];

/** The image that a tumour's outline shows best in: nephrographic, else corticomedullary, else the first there is. */
export const clearestPhase = (found: readonly Phase[]): Phase =>
  found.includes("nephrographic") ? "nephrographic" : inOrder(found)[0];

/** Whether a name is that of a contrast phase, of whose look something is known. */
export const isStudyPhase = (name: Phase): boolean => phases.some((phase) => phase === name);

/** What a rule of the contrast phases is asked about: they alone. */
export const studyPhasesAmong = <T>(
  found: Readonly<Partial<Record<Phase, T>>>,
): Partial<Record<StudyPhase, T>> =>
  Object.fromEntries(phases.flatMap((phase) => (found[phase] === undefined ? [] : [[phase, found[phase]]])));

export const histologies = ["clear_cell", "papillary", "chromophobe", "other"] as const;
/** Malignant histologies; `other` is any that is none of the first three. */
export type Histology = (typeof histologies)[number];

export const stages = ["I", "II", "III", "IV"] as const;
/** AJCC 8 stage group. */
export type Stage = (typeof stages)[number];

export const complexities = ["low", "moderate", "high"] as const;
/** R.E.N.A.L. 4–6 low, 7–9 moderate, 10–12 high. */
export type Complexity = (typeof complexities)[number];

/** Where the images come from; everything but `real` is named wherever its numbers stand. */
export const sources = ["real", "painted", "procedural"] as const;
/** `painted`: intensities simulated on a real mask. `procedural`: anatomy and intensities simulated. */
export type Source = (typeof sources)[number];

export const maskOrigins = ["drawn", "program"] as const;
/** Who outlined kidney and tumour: a person, or a program unseen. */
export type MaskOrigin = (typeof maskOrigins)[number];

export const parts = ["training", "validation"] as const;
/** The two parts that a centre's cases are split into to develop a model. */
export type Part = (typeof parts)[number];

/** One row of `cohort.csv`. Undefined is unknown (an empty cell). */
export interface Case {
  /** Unique in the cohort. */
  readonly case: string;
  /** The same person's cases share it; defaults to `case`. */
  readonly patient: string;
  /** Name of the hospital or collection, e.g. `A`. */
  readonly center: string;
  readonly age?: number;
  readonly sex?: "female" | "male";
  /** Paths of NIfTI volumes by phase, relative to the cohort's folder. */
  readonly images: Readonly<Partial<Record<Phase, string>>>;
  /** Path of the mask, relative to the cohort's folder: 1 kidney, 2 tumour, 3 cyst ({@link MaskKind}). */
  readonly mask?: string;
  /** Who outlined it; undefined is taken for a person. */
  readonly maskOrigin?: MaskOrigin;
  readonly histology?: Histology;
  /** AJCC 8 stage group. */
  readonly stage?: Stage;
  readonly complexity?: Complexity;
  /** R.E.N.A.L. total, 4–12. */
  readonly renal?: number;
  /** Largest tumour diameter, mm: the size-only baseline. */
  readonly sizeMm?: number;
  /** Pathological necrosis. */
  readonly necrosis?: boolean;
  readonly source: Source;
  /** Which part of its centre's development it belongs to, where that was fixed beforehand. */
  readonly part?: Part;
  /** Cells of the columns that only the cohort's own tasks read; empty ones are not there. */
  readonly cells?: Readonly<Record<string, string>>;
}

export const maskKinds = ["kidney", "tumor", "none"] as const;
/**
 * What the masks of a cohort outline: a kidney and its tumour (1 kidney, 2 tumour, 3 cyst); a tumour of any organ alone
 * (2); or there are none.
 */
export type MaskKind = (typeof maskKinds)[number];

/** What holds of all images of a cohort. */
export interface ImageKind {
  /** What the masks outline; `kidney` where undefined. */
  readonly masks?: MaskKind | undefined;
  /** Of images that are no CT numbers, the least and the greatest value of a voxel; HU where undefined. */
  readonly intensities?: readonly [least: number, greatest: number] | undefined;
}

/** What the masks of a cohort outline. */
export const masksOf = ({ masks = "kidney" }: ImageKind): MaskKind => masks;

/** Cases and where their files lie. */
export interface Cohort extends ImageKind {
  /** Absolute path that the cases' paths are relative to. */
  readonly folder: string;
  readonly cases: readonly Case[];
  /** What is asked of each case, as `tasks.json` has it; the study's three where undefined. */
  readonly tasks?: readonly TaskDefinition[] | undefined;
  /** Columns of images, in channel order, as `tasks.json` has them; the contrast phases where undefined. */
  readonly phases?: readonly Phase[] | undefined;
}
