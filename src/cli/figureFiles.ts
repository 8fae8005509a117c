import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../files.ts";
import { type FigureFile, reportFigures } from "../report/index.ts";
import type { Results } from "../validate/index.ts";
import { mustNotExist } from "./io.ts";

/** Names that only `writeFigures` gives. */
const ours = /^figure-\d+-[a-z-]+\.(svg|csv)$/;

/**
 * Writes each figure of the report as SVG, and its numbers as CSV. With `force`, those of an earlier report go first:
 * their numbers may be other figures' now.
 * @throws E_FILE_EXISTS without `force` where one is there, E_FILE_WRITE
 */
export async function writeFigures(
  folder: string,
  results: Results,
  { force = false }: { readonly force?: boolean },
): Promise<FigureFile[]> {
  const figures = reportFigures(results);
  const earlier = (await readdir(folder).catch(() => [])).filter((name) => ours.test(name));
  for (const name of earlier) {
    await mustNotExist(join(folder, name), { force });
    await rm(join(folder, name));
  }
  for (const { name, svg, csv } of figures) {
    await writeWhole(join(folder, `${name}.svg`), svg);
    await writeWhole(join(folder, `${name}.csv`), csv);
  }
  return figures;
}
