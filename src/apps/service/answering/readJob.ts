import type { ErrorCode } from "../../../base/errors.ts";
import type { WrittenPrediction } from "../../../report/prediction/predictionFiles.ts";
import type { ReadingProgress } from "../studies/progress.ts";

/** How studies are read, alike for all. */
export interface ReadingSettings {
  /** Folder of a trained model. */
  readonly model: string;
  /** Folder of a model that outlines kidney and tumour where a study has no mask. */
  readonly segmentation?: string | undefined;
  readonly threads: number;
  readonly align: boolean;
  readonly explain: boolean;
  /** Whether the page is written as a picture too, by an installed browser. */
  readonly picture: boolean;
}

/** One study to be read. */
export interface ReadJob extends ReadingSettings {
  /** Its files, by names that may stand in the result. */
  readonly images: readonly { readonly name: string; readonly path: string }[];
  /** Folder that the result is written to. */
  readonly out: string;
  /** Contrast phases without which it is not read. */
  readonly phases: readonly string[];
  /** When it was put in the queue, ISO 8601: done again, the same attempt writes the same bytes. */
  readonly created: string;
  /** Of the UIDs of the outputs. */
  readonly seed: string;
}

/** What a study's process tells while it reads, and in the end. */
export type ReadMessage = { readonly progress: ReadingProgress } | ReadAnswer;
export type ReadAnswer =
  | { readonly written: Pick<WrittenPrediction, "files" | "missing"> }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };
