import type { Prediction } from "../../../evidence/predict/prediction.ts";

/** A file of a result, in the store. */
export interface ResultFile {
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
  /** Of a DICOM object. */
  readonly sopInstanceUid?: string | undefined;
}

/** An answer as the worklist shows it. */
export type ShortAnswer = Pick<
  Prediction["answers"][number],
  "task" | "decision" | "probability" | "borderline" | "threshold"
>;
