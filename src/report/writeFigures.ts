import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../base/errors.ts";
import { writeWhole } from "../base/files.ts";
import type { Results } from "../evidence/validate/results.ts";
import { reportFigures } from "./figureFiles.ts";

/** Names that only `writeFigures` gives. */
const ours = /^figure-\d+-[a-z-]+\.(svg|csv)$/;

const earlier = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => ours.test(name));

/** @throws E_FILE_EXISTS where the folder holds figures of an earlier report and there is no `force` */
export async function figuresMustNotExist(
  folder: string,
  options: { readonly force?: boolean },
): Promise<void> {
  const [first] = options.force ? [] : await earlier(folder);
  if (first !== undefined)
    throw new TrinephronError(
      "E_FILE_EXISTS",
      `${join(folder, first)} is there already`,
      "choose another --figures, or --force",
    );
}

/**
 * Writes each figure of the report as SVG, and its numbers as CSV. Those of an earlier report go first: their numbers
 * may be other figures' now.
 * @throws E_FILE_WRITE
 */
export async function writeFigures(folder: string, results: Results): Promise<void> {
  for (const name of await earlier(folder)) await rm(join(folder, name));
  for (const { name, svg, csv } of reportFigures(results)) {
    await writeWhole(join(folder, `${name}.svg`), svg);
    await writeWhole(join(folder, `${name}.csv`), csv);
  }
}
