import { TrinephronError } from "./errors.ts";

/** Runs what knows no files, such as a score or a statistic: its errors gain the file's name. */
export function inFile<T>(path: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    throw new TrinephronError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}
