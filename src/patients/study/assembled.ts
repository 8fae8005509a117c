import type { DicomHeader, Slice } from "../../imaging/formats/dicom/read.ts";
import type { Outcome } from "../../imaging/registration/index.ts";
import type { Vec3, Volume } from "../../numerics/volume/index.ts";
import type { Phase } from "../cohort/case.ts";
import type { Remark } from "./remark.ts";

/** One phase on the grid of the study's reference phase. */
export interface AlignedPhase {
  readonly phase: Phase;
  /** HU, on the reference's grid; NaN never, −1024 where the scan does not reach. */
  readonly volume: Volume<Int16Array | Float32Array>;
  /** File or folder read. */
  readonly path: string;
  /** Of the first slice; absent for NIfTI. */
  readonly header?: DicomHeader | undefined;
  /** The slices it was read from, by position; empty for NIfTI. */
  readonly slices: readonly Slice[];
  /** As scanned. */
  readonly spacing: Volume["spacing"];
  readonly sliceCount: number;
  readonly evidence: readonly string[];
  /** 0 … 1; absent where the user said which phase it is. */
  readonly confidence?: number | undefined;
  /** Absent for the reference. */
  readonly alignment?: Alignment | undefined;
}

/** How a phase was registered to the reference phase. */
export interface Alignment {
  /** LPS mm, at the middle of the kidney (of the image without a mask). */
  readonly translationMm: readonly [number, number, number];
  readonly rotationDegrees: number;
  readonly before: number;
  readonly after: number;
  readonly measure: string;
  readonly outcome: Outcome;
  readonly used: boolean;
  /** The outcome in words. */
  readonly remark: string;
}

/** Whether a phase may lie off the reference; one whose registration gained nothing lay on it before. */
export const notRegistered = ({
  used,
  outcome,
}: {
  readonly used: boolean;
  readonly outcome?: Outcome | undefined;
}): boolean => !used && outcome !== "no better";

/** How a mask was grown where nobody drew one. */
export const grownSources = ["grown from a point", "grown from a box"] as const;
/** How a mask was grown. */
export type GrownSource = (typeof grownSources)[number];

/** Where nobody drew or pointed at anything: a segmentation network outlined kidneys and tumour. */
export const outlinedSource = "outlined by a program";

/** How a mask came to be. */
export type MaskSource = "segmentation" | "structure set" | "NIfTI" | GrownSource | typeof outlinedSource;

/** Which program outlined a mask, on what, and how steadily. */
export interface StudyOutline {
  /** In words: `trinephron segmentation model 1f6b2a90c3de`. */
  readonly program: string;
  /** Of its networks. */
  readonly sha256: string;
  readonly phase: Phase;
  /** Dice of the outlines of the image and of its mirror image: of kidneys with lesions, and of tumours. */
  readonly agreement: { readonly kidney: number; readonly tumor: number };
}

/** Where a user says that the tumour lies, LPS mm. */
export interface Pointed {
  /** Inside of it. */
  readonly point?: Vec3 | undefined;
  /** Two corners of a box around it; a point goes before it. */
  readonly box?: readonly [Vec3, Vec3] | undefined;
}

/**
 * Outlines kidneys and tumour of an image with axes along L, P and S; where a user points at the tumour, that one.
 * @throws E_MASK where it finds none, or doubts what it found
 */
export type Outline = (image: Volume<Int16Array>, phase: Phase, pointed?: Pointed) => Promise<StudyMask>;

/** The mask of a study, and how it came to be. */
export interface StudyMask {
  /** 1 kidney, 2 tumour, 3 cyst, on the reference's grid. */
  readonly volume: Volume<Uint8Array>;
  readonly source: MaskSource;
  /** Where a program outlined it. */
  readonly outline?: StudyOutline | undefined;
  /** The DICOM series it was drawn on, where it says so. */
  readonly seriesUid?: string | undefined;
  /** What a reader must know of it: limits of growing, names not understood. */
  readonly remarks: readonly Remark[];
}

/** One patient's study, ready to be cropped, predicted or written into a cohort. */
export interface AssembledStudy {
  readonly reference: Phase;
  readonly phases: Readonly<Partial<Record<Phase, AlignedPhase>>>;
  readonly mask?: StudyMask | undefined;
  /** Series that were not used, with the reason. */
  readonly leftOut: readonly { readonly series: string; readonly reason: string }[];
  readonly warnings: readonly Remark[];
}

/** The phases that are there, in channel order. */
export const phasesIn = ({ phases }: Pick<AssembledStudy, "phases">): AlignedPhase[] =>
  Object.values(phases).filter((phase) => phase !== undefined);

/** A study with the mask that a model needs. */
export interface MaskedStudy extends AssembledStudy {
  readonly mask: StudyMask;
}
