import { TrinephronError } from "../../../base/errors.ts";

/** What could not be read, and why. */
export interface Problem {
  /** Of the file, or the series. */
  readonly name: string;
  /** One of the codes of errors; none where the reason is no error. */
  readonly code?: string | undefined;
  readonly reason: string;
  readonly hint?: string | undefined;
}

/** A user's error as a problem. @throws any other */
export function problemOf(name: string, error: unknown): Problem {
  if (!(error instanceof TrinephronError)) throw error;
  const { code, message, hint } = error;
  return {
    name,
    code,
    reason: message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message,
    hint,
  };
}
