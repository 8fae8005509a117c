import { createHash, randomUUID } from "node:crypto";

/**
 * A DICOM UID from a UUID under the root 2.25 (PS3.5 B.2).
 *
 * @param seed the same text gives the same UID, from its SHA-256 as a version 8 UUID (RFC 9562); without it the UID is
 *   random
 */
export function uid(seed?: string): string {
  if (seed === undefined) return `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;
  const bytes = createHash("sha256").update(seed).digest().subarray(0, 16);
  bytes[6] = 0x80 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return `2.25.${BigInt(`0x${bytes.toString("hex")}`)}`;
}
