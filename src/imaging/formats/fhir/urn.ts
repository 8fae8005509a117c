import { uid } from "../dicom/write/uid.ts";

/** `urn:uuid:` of a version 8 UUID: the same seed and key give the same. @param key tells a seed's resources apart */
export function urnUuid(seed: string, key: string): string {
  const hex = BigInt(uid(`${seed} ${key}`).slice("2.25.".length))
    .toString(16)
    .padStart(32, "0");
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
}
