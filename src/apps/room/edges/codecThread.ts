import { TrinephronError } from "../../../base/errors.ts";
import type { CodecJob } from "../../../imaging/formats/dicom/pixels/codecThread.ts";

/** The page brings no codecs. @throws E_UNSUPPORTED */
export async function decodeInThread({ coding }: CodecJob): Promise<Uint8Array> {
  throw new TrinephronError(
    "E_UNSUPPORTED",
    `${coding} pixels are not read in the browser`,
    "export the study uncompressed",
  );
}
