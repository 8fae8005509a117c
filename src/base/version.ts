import { readFileSync } from "node:fs";

/** The package's version. */
export const version: string = JSON.parse(
  // The same path from `src/` and from `dist/`.
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
).version;
