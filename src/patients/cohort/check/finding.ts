import type { ErrorCode } from "../../../base/errors.ts";

/** What a check found. An error keeps the cohort from being used; a warning asks for a look. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  /** Null where it concerns the whole cohort or a centre. */
  readonly case: string | null;
  readonly message: string;
}

const finding =
  (severity: Finding["severity"]) =>
  (code: ErrorCode, name: string | null, message: string): Finding => ({
    severity,
    code,
    case: name,
    message,
  });

export const fault = finding("error");
export const doubt = finding("warning");
