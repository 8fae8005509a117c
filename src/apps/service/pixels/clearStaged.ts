import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { partMark } from "./stagedFile.ts";

/** Files that are received take minutes; one that nobody wrote to for so long was left by a process that was killed. */
const abandonedMs = 24 * 3600 * 1000;

/**
 * Removes what was never received as a whole.
 * @param age ms since it was last written; younger ones stay, for others may be receiving them
 * @returns how many
 */
export async function clearStaged(folder: string, age = abandonedMs): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(partMark)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs < age) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}
