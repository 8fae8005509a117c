import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bytesOf } from "./outcome.ts";
import { type SmallPhase, type Study, smallPhases } from "./study.ts";

let root: string | undefined;

/** A folder of a case's own. */
function folderOf(name: string): string {
  root ??= mkdtempSync(join(tmpdir(), "trinephron-meaning-"));
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Takes away what a case wrote, or without a name what all did. */
export function cleared(name?: string): void {
  if (root !== undefined)
    rmSync(name === undefined ? root : join(root, name), { recursive: true, force: true });
  if (name === undefined) root = undefined;
}

function written(folder: string, path: string, bytes: Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return full;
}

export const maskFile = ({ mask }: Study, name: string): string | undefined =>
  mask && written(folderOf(name), "mask.nii", mask);

export const niftiFiles = (
  images: Readonly<Record<SmallPhase, Uint8Array>>,
  name: string,
): Record<SmallPhase, string> =>
  Object.fromEntries(
    smallPhases.map((phase) => [phase, written(folderOf(name), `${phase}.nii`, images[phase])]),
  ) as Record<SmallPhase, string>;

/** Writes a study's files to where it has them. @returns the path to be read */
export function laid({ files, place }: Study, name: string): string {
  const folder = join(folderOf(name), "study");
  mkdirSync(folder);
  if (place === "links") {
    const store = join(folderOf(name), "store");
    for (const file of files) {
      const target = written(store, file.name, bytesOf(file));
      symlinkSync(target, join(folder, file.name.replaceAll("/", "_")));
    }
    return folder;
  }
  for (const file of files) written(folder, file.name, bytesOf(file));
  if (place !== "archive") return folder;
  const script = "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2])";
  execFileSync("python3", ["-c", script, folder, folder]);
  return `${folder}.zip`;
}
