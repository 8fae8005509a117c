import { createSecureContext } from "node:tls";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";

/** A certificate and its key, PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @throws E_FILE_MISSING, E_FORMAT where they are none, or do not belong together */
export async function readTlsFiles(certificate: string, keyFile: string): Promise<TlsFiles> {
  const [cert, key] = [await readWhole(certificate), await readWhole(keyFile)];
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new TrinephronError(
      "E_FORMAT",
      `${certificate} and ${keyFile}: no certificate with its key`,
      "both are PEM files, the key without a password",
      { cause },
    );
  }
  return { cert, key };
}
