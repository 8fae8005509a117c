import type { ErrorCode } from "../../../base/errors.ts";

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  E_USAGE: 400,
  E_FORMAT: 400,
  E_UID: 400,
  E_SIGN_IN: 401,
  E_ORIGIN: 403,
  E_FORBIDDEN: 403,
  E_STUDY: 404,
  E_STATE: 409,
  E_ACCOUNT: 409,
  E_LIMIT: 413,
  E_UNSUPPORTED: 415,
  E_BUSY: 429,
  E_UNREACHABLE: 502,
  E_DATABASE: 503,
  E_FILE_WRITE: 507,
};

/** The HTTP status of an error; 500 where nobody who asked can do anything about it. */
export const statusOf = (code: ErrorCode): number => statuses[code] ?? 500;
