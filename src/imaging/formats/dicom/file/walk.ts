import type { Dirent, Stats } from "node:fs";
import { readdir, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { TrinephronError } from "../../../../base/errors.ts";
import { fileError } from "../../../../base/files.ts";

/** What a folder and its subfolders hold. */
export interface Walked {
  /** By path. */
  readonly files: readonly string[];
  /** Links to what is read already. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** Links that lead nowhere, folders that cannot be listed, pipes and devices. */
  readonly failed: readonly { readonly path: string; readonly error: TrinephronError }[];
}

export const noFile = (path: string): TrinephronError =>
  new TrinephronError("E_UNSUPPORTED", `${path}: neither a file nor a folder`);

/**
 * Lists a folder's files. Links are followed after all else, so that a file has its own name where it has one, and
 * each file and folder is listed once, by its real path: links that lead back end there.
 * @throws E_FILE_MISSING where the folder itself cannot be listed
 */
export async function walk(root: string): Promise<Walked> {
  const files: string[] = [];
  const skipped: { path: string; why: string }[] = [];
  const failed: { path: string; error: TrinephronError }[] = [];
  const links: string[] = [];
  const known = new Set<string>();
  const top = await realpath(root).catch((error: unknown) => {
    throw fileError(error, root, "E_FILE_MISSING");
  });
  let folders = [{ path: root, real: top }];
  known.add(top);

  const list = async ({ path, real }: { path: string; real: string }): Promise<Dirent[]> =>
    readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
      const error = fileError(cause, path, "E_FILE_MISSING");
      if (real === top) throw error;
      failed.push({ path, error });
      return [];
    });
  const descend = async () => {
    for (let folder = folders.pop(); folder; folder = folders.pop())
      for (const entry of await list(folder)) {
        const [path, real] = [join(folder.path, entry.name), join(folder.real, entry.name)];
        if (entry.isSymbolicLink()) links.push(path);
        else if (entry.isDirectory()) {
          if (known.has(real)) skipped.push({ path, why: "a folder that is read already, by a link to it" });
          else folders.push({ path, real });
          known.add(real);
        } else if (!entry.isFile()) failed.push({ path, error: noFile(path) });
        else if (known.has(real)) skipped.push({ path, why: "a file that is read already, by a link to it" });
        else {
          files.push(path);
          known.add(real);
        }
      }
  };
  const follow = async (path: string) => {
    let [real, entry]: [string, Stats] | [] = [];
    try {
      [real, entry] = [await realpath(path), await stat(path)];
    } catch (cause) {
      const to = await readlink(path).catch(() => "");
      const { message } = fileError(cause, `${path}: a link to ${to}`, "E_FILE_MISSING");
      failed.push({ path, error: new TrinephronError("E_FILE_MISSING", message, "", { cause }) });
      return;
    }
    const kind = entry.isDirectory() ? "folder" : "file";
    if (known.has(real)) skipped.push({ path, why: `a link to a ${kind} that is read already` });
    else if (entry.isDirectory() && `${top}${sep}`.startsWith(real.endsWith(sep) ? real : `${real}${sep}`))
      skipped.push({ path, why: "a link to a folder around this one" });
    else if (entry.isDirectory()) folders = [{ path, real }];
    else if (entry.isFile()) files.push(path);
    else failed.push({ path, error: noFile(path) });
    known.add(real);
  };

  await descend();
  while (links.length > 0) {
    links.sort().reverse();
    await follow(links.pop()!);
    await descend();
  }
  return { files: files.sort(), skipped, failed };
}
