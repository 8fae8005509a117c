import { inflateRawSync } from "node:zlib";

/** What raw deflate packed (RFC 1951). @throws where it is damaged, or longer than `most` bytes */
export const inflateRaw = (bytes: Uint8Array, most: number): Uint8Array =>
  inflateRawSync(bytes, { maxOutputLength: most });
