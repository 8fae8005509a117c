import { TrinephronError } from "./errors.ts";

/** Runs what knows no files, such as a score or a statistic: its errors gain the file's name. */
export function inFile<T>(path: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof TrinephronError ? nameFile(error, path) : error;
  }
}

/** An error of what knows no files, with the file's name before it. */
export const nameFile = (error: TrinephronError, path: string): TrinephronError =>
  error.message.includes(path)
    ? error
    : new TrinephronError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
