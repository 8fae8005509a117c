import type { Source } from "../../../imaging/formats/dicom/read.ts";

/** A file that the user gave, by its path within the folder. */
export interface GivenFile {
  readonly path: string;
  readonly file: Blob;
}

const hidden = /(^|\/)(\.[^/]*|DICOMDIR)$/i;

/** Given files as sources, by name; hidden ones and indexes left out. */
export const sourcesOfFiles = (files: readonly GivenFile[]): Source[] =>
  files
    .filter(({ path }) => !hidden.test(path))
    .map(
      ({ path, file }): Source => ({
        name: path,
        whole: async () => new Uint8Array(await file.arrayBuffer()),
        start: async (length) => new Uint8Array(await file.slice(0, length).arrayBuffer()),
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
