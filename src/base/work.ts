/** Told how far long work has come: the step under way, `cropping`, and how much of it is done. */
export type Progress = (step: string, done: number, total: number, detail?: string) => void;

/** What every function that works for long takes from its caller. */
export interface Work {
  /** Once aborted, the work stops at a place it can go on from, and throws E_INTERRUPTED. */
  readonly signal?: AbortSignal | undefined;
  /** Default: one a core. */
  readonly threads?: number | undefined;
  readonly progress?: Progress | undefined;
}
