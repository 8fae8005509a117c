import { createReadStream } from "node:fs";
import { access, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { fileError } from "../../../base/files.ts";
import type { ContentStore } from "./contentStore.ts";

const keyPattern = /^[0-9a-f]{64}$/;

/** A store in a folder, `ab/ab12…` for each key. Folders of 256 parts stay quick to list with millions of files. */
export function folderStore(folder: string): ContentStore {
  const pathOf = (key: string) => {
    // What is no hash could lead out of the folder.
    if (!keyPattern.test(key)) throw new TrinephronError("E_FILE_MISSING", `${key}: not a SHA-256`);
    return join(folder, key.slice(0, 2), key);
  };
  const local = async (key: string) => {
    const path = pathOf(key);
    await access(path).catch((error) => {
      throw fileError(error, path, "E_FILE_MISSING");
    });
    return path;
  };
  return {
    adopt: async ({ path, key }) => {
      const to = pathOf(key);
      try {
        const isThere = await access(to).then(
          () => true,
          () => false,
        );
        if (isThere) return await rm(path, { force: true });
        const made = await mkdir(dirname(to), { recursive: true });
        await rename(path, to);
        await syncFolder(dirname(to));
        // A folder that was made is a new name in the one around it, up to the first that was there.
        for (let name = dirname(to); made !== undefined; name = dirname(name)) {
          await syncFolder(dirname(name));
          if (name === made) break;
        }
      } catch (error) {
        await rm(path, { force: true }).catch(() => {});
        throw fileError(error, to, "E_FILE_WRITE");
      }
    },
    read: async (key) => createReadStream(await local(key)),
    local,
    remove: async (key) => {
      const path = pathOf(key);
      try {
        await rm(path, { force: true });
        await syncFolder(dirname(path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw fileError(error, path, "E_FILE_WRITE");
      }
    },
    keys: async function* () {
      for (const part of await readdir(folder).catch(() => []))
        if (/^[0-9a-f]{2}$/.test(part))
          for (const key of await readdir(join(folder, part))) if (keyPattern.test(key)) yield key;
    },
  };
}

/** A new name lasts once the folder it stands in is on the disk too. */
async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders, and needs not.
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
