import type { ErrorCode, TrinephronError } from "../../../base/errors.ts";

/** Failure reasons of DICOM (PS3.4 table B.2-1, PS3.18 table I.2-2), alike in C-STORE and STOW-RS. */
const reasons: Readonly<Partial<Record<ErrorCode, number>>> = {
  /** Cannot understand. */
  E_FORMAT: 0xc000,
  E_FILE_TRUNCATED: 0xc000,
  E_VALUE: 0xc000,
  /** Data set does not match. */
  E_UID: 0xa900,
  /** Out of resources. */
  E_LIMIT: 0xa700,
  E_FILE_WRITE: 0xa700,
  /** Referenced transfer syntax not supported. */
  E_UNSUPPORTED: 0xc122,
};
/** Processing failure. */
const other = 0x0110;

/** Why an image was not stored, as DICOM says it. */
export const failureReason = ({ code }: TrinephronError): number => reasons[code] ?? other;
