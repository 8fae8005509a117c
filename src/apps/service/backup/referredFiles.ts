import type { StoreName } from "./manifest.ts";

/** Content of a store, by its SHA-256. */
export interface ReferredFile {
  readonly store: StoreName;
  readonly key: string;
  readonly bytes: number;
}

/**
 * The files that a row of the tables refers to.
 * @param line as it stands in a backup
 */
export function filesOfRow(table: string, line: string): ReferredFile[] {
  if (table === "instances") {
    const { content_key: key, bytes } = JSON.parse(line) as { content_key: string; bytes: number };
    return [{ store: "images", key, bytes }];
  }
  if (table === "results") {
    const { files } = JSON.parse(line) as { files: readonly { key: string; bytes: number }[] };
    return files.map(({ key, bytes }) => ({ store: "results", key, bytes }));
  }
  return [];
}

/** Files, each once. */
export class ReferredFiles {
  readonly #files = new Map<string, ReferredFile>();

  add(files: readonly ReferredFile[]): void {
    for (const file of files) this.#files.set(`${file.store} ${file.key}`, file);
  }
  of(store: StoreName): ReferredFile[] {
    return [...this.#files.values()].filter((file) => file.store === store);
  }
}

/** How many they are, and how large. */
export const sizeOf = (
  files: readonly ReferredFile[],
): { readonly files: number; readonly bytes: number } => ({
  files: files.length,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});
