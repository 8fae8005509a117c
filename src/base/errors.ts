/** Codes of the errors a user can cause, and what each means. */
export const codes = {
  E_USAGE: "a command or option that does not fit",
  E_FILE_MISSING: "a file or folder that is not there",
  E_FILE_EXISTS: "an output that is there already; --force overwrites it",
  E_FILE_WRITE: "an output that cannot be written (full disk, no permission)",
  E_FILE_TRUNCATED: "a file that ends before its header says it should",
  E_FORMAT: "a file that is not of the format it should be",
  E_UNSUPPORTED: "a format or variant known, but not read here",
  E_GEOMETRY: "images whose sizes, spacings or positions do not agree",
  E_MASK: "a mask that is empty or lacks the kidney or tumour it needs",
  E_LABEL: "a label outside its range",
  E_COHORT: "a cohort that cannot serve: empty, duplicated or contradictory rows",
  E_PHASE: "a phase that is missing, or phases that appear to be swapped",
  E_ONE_CLASS: "a task whose cases are all of one class",
  E_TOO_FEW: "too few cases for what was asked",
  E_VALUE: "a number that is not finite or outside its range",
  E_MODEL: "a model folder that is broken or does not fit the data",
  E_CHECKPOINT: "a checkpoint that belongs to another run's settings",
  E_RUNTIME: "ONNX Runtime refused a graph",
  E_BROWSER: "a browser that is not there or does not print",
  E_DEVICE: "a device that is not there or does not compute rightly",
  E_INTERRUPTED: "stopped by the user; the same command resumes",
  E_LIBRARY: "an optional library that is not installed",
  E_LOCKED: "a folder that another process holds",
  E_DATABASE: "a database that cannot be reached, or is of a later version",
  E_ADDRESS: "a network address or port that cannot be listened on",
  E_LIMIT: "a request beyond the limits of the service",
  E_UID: "a DICOM image without valid UIDs, or with others than were announced",
  E_STUDY: "a study or result that the service does not have",
  E_STATE: "what cannot be done with a study in the state that it is in",
  E_ORIGIN: "a request of another site's page",
  E_SIGN_IN: "a request of somebody who is not signed in, or a sign-in that failed",
  E_FORBIDDEN: "what an account or a token may not do",
  E_ACCOUNT: "an account or a token that is not there, or is there already",
  E_BUSY: "too many requests, or tries to sign in, in a short time",
  E_RULE: "a study that no rule of the service wants read",
  E_REFUSED: "a result that a destination does not take",
  E_UNREACHABLE: "a destination or provider that cannot be reached, or takes nothing now",
  E_BACKUP: "a backup that is not whole, or was changed after it was written",
  E_AUDIT: "an audit log that was changed after it was written",
} as const;

/** Name of one of {@link codes}. */
export type ErrorCode = keyof typeof codes;

/**
 * An error a user can cause: a code, what was wrong with which file, case or option (its message), and what to do.
 * The command line prints one line of it; a stack trace only with `--debug`.
 */
export class TrinephronError extends Error {
  override readonly name = "TrinephronError";
  readonly code: ErrorCode;
  /** What the user can do about it; one sentence. */
  readonly hint: string;

  /** @param what names the file, case or option concerned: `case_00012/segmentation.nii.gz: ends after …` */
  constructor(code: ErrorCode, what: string, hint = "", options?: ErrorOptions) {
    super(what, options);
    this.code = code;
    this.hint = hint;
  }

  /** The one line a user reads. */
  get line(): string {
    return `${this.code}: ${this.message}${this.hint ? ` — ${this.hint}` : ""}`;
  }
}

/** Whether work was stopped, by the user or for want of time, rather than failed. */
export const isInterruption = (error: unknown): boolean =>
  error instanceof TrinephronError && error.code === "E_INTERRUPTED";
