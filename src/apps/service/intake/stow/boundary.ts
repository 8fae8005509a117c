import { TrinephronError } from "../../../../base/errors.ts";

/** The boundary between parts and the type of the parts that a `multipart/related` header names. */
export interface Multipart {
  readonly boundary: string;
  readonly type: string | undefined;
}

/**
 * Parses a Content-Type header of STOW-RS (PS3.18 § 8.6.1, RFC 2387).
 * @throws E_UNSUPPORTED for anything but parts of application/dicom
 */
export function multipartOf(contentType: string | undefined): Multipart {
  const [media = "", ...rest] = (contentType ?? "").split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const parameters = new Map(
    rest.map((parameter) => {
      const at = parameter.indexOf("=");
      const value = parameter.slice(at + 1).trim();
      const text = /^".*"$/.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value;
      return [parameter.slice(0, at).trim().toLowerCase(), text];
    }),
  );
  const boundary = parameters.get("boundary");
  const type = parameters.get("type")?.toLowerCase();
  // At most 70 characters (RFC 2046 § 5.1.1).
  if (
    media.trim().toLowerCase() !== "multipart/related" ||
    !boundary ||
    !/^[\x20-\x7e]{1,70}$/.test(boundary)
  )
    throw unsupported("the body is no multipart/related with a boundary");
  if (type !== undefined && type !== "application/dicom") throw unsupported(`parts of ${type}`);
  return { boundary, type };
}

const unsupported = (what: string) =>
  new TrinephronError(
    "E_UNSUPPORTED",
    what,
    'send Content-Type: multipart/related; type="application/dicom"; boundary=…',
  );
