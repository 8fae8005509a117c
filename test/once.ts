import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { inject } from "vitest";

/**
 * A folder that the first test file to ask for it fills, for all of them, in whatever process they run.
 * It is to be read alone; who changes anything takes a copy.
 */
export async function once(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(inject("sharedFolder"), name);
  const [done, failed] = [`${folder}.done`, `${folder}.failed`];
  if (mkdirSync(`${folder}.begun`, { recursive: true }) === undefined) {
    while (!existsSync(done)) {
      if (existsSync(failed)) throw new Error(`${name}: ${readFileSync(failed, "utf8")}`);
      await setTimeout(50);
    }
    return folder;
  }
  try {
    mkdirSync(folder);
    await fill(folder);
    writeFileSync(done, "");
    return folder;
  } catch (error) {
    writeFileSync(failed, String(error));
    throw error;
  }
}
