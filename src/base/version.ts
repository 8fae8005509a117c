import { readFileSync } from "node:fs";

/** The package's version. */
export const version: string = JSON.parse(
  // The same path from `src/` and from `dist/`.
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
).version;

const name = "trinephron";

/** What a file says it was written by: `trinephron 0.1.0`. */
export const software = `${name} ${version}`;

/** The name and version that {@link software} of any version was made of. */
export const softwareOf = (written: string): { readonly name: string; readonly version: string } => ({
  name,
  version: written.startsWith(`${name} `) ? written.slice(name.length + 1) : written,
});
