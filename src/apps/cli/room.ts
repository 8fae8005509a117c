import { cp, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { TrinephronError } from "../../base/errors.ts";
import { fileError, mustNotExist } from "../../base/files.ts";
import { type CommonOptions, result, say, withCommonOptions } from "./support/io.ts";

interface RoomOptions extends CommonOptions {
  readonly out: string;
}

/** Where the package keeps the site that vite built. */
const site = resolve(import.meta.dirname, "../../../dist/room");

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("room")
      .description("the reading room: a static site that reads CT studies in the browser, for any web server")
      .requiredOption("--out <folder>", "the site's folder"),
  ).action(async (options: RoomOptions) => {
    const { out } = options;
    await mustNotExist(out, options);
    await mustBeBuilt();
    try {
      await cp(site, out, { recursive: true });
    } catch (error) {
      // What was there before may hold more than the site.
      if (!options.force) await rm(out, { recursive: true, force: true }).catch(() => {});
      throw fileError(error, out, "E_FILE_WRITE");
    }
    say(`reading room: ${join(out, "index.html")}`);
    result(options, { site: out }, "Serve the folder with any web server, and open its address.");
  });
}

/** The published package holds the site; a checkout may not. */
async function mustBeBuilt(): Promise<void> {
  const built = await stat(join(site, "index.html")).catch(() => undefined);
  if (!built)
    throw new TrinephronError(
      "E_FILE_MISSING",
      `${site}: the reading room is not built`,
      "in a checkout `npm run build:room` builds it",
    );
}
