import { TrinephronError } from "../../../base/errors.ts";

/** No browser inflates at once, as the parser would need. @throws E_UNSUPPORTED */
export function inflateRaw(): Uint8Array {
  throw new TrinephronError(
    "E_UNSUPPORTED",
    "deflated DICOM is not read in the browser",
    "export the study uncompressed",
  );
}
