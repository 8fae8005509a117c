import type { ErrorCode } from "../../../base/errors.ts";

/** What an error says of a study that was to be read. */
export type Verdict =
  /** The study cannot be read, however often it is tried. */
  | "not read"
  /** The service cannot read it, nor any other: somebody has to mend it first. */
  | "failed"
  /** It may succeed the next time. */
  | "again";

const ofStudy = new Set<ErrorCode>([
  "E_RULE",
  "E_PHASE",
  "E_MASK",
  "E_GEOMETRY",
  "E_VALUE",
  "E_COHORT",
  "E_FORMAT",
  "E_UNSUPPORTED",
  "E_LABEL",
  "E_FILE_TRUNCATED",
]);
const ofService = new Set<ErrorCode>(["E_MODEL", "E_LIBRARY", "E_USAGE", "E_DEVICE"]);

/** @param code of the error, where it has one of ours */
export const verdictOn = (code: ErrorCode | undefined): Verdict =>
  code === undefined ? "again" : ofStudy.has(code) ? "not read" : ofService.has(code) ? "failed" : "again";
