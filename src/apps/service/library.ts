import { readFileSync } from "node:fs";
import { TrinephronError } from "../../base/errors.ts";

/**
 * Imports a library that only the service needs. Whoever uses trinephron without the service does not install it.
 * @param load imports it, by its name as written text, so that compilers see its types
 * @throws E_LIBRARY where it is not installed, with the line that installs all that the service needs
 */
export async function library<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new TrinephronError(
      "E_LIBRARY",
      `the service needs ${name}, which is not installed`,
      installLine(),
      {
        cause,
      },
    );
  }
}

/** The versions that this one was tested with stand in its own package.json. */
function installLine(): string {
  const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const { peerDependencies } = JSON.parse(manifest) as { peerDependencies: Record<string, string> };
  const named = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  return `npm install ${named.join(" ")}`;
}
