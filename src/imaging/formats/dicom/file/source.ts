/** A file's bytes, wherever they lie. */
export interface Source {
  /** Path, or path of the archive and of the file in it: `study.zip/series1/00001.dcm`. */
  readonly name: string;
  /** Why it is not read, though it is there: a hidden file, a link to one that is read already. */
  readonly setAside?: string;
  /** All bytes. */
  whole(): Promise<Uint8Array>;
  /** The first `length` bytes, or all of a shorter file. */
  start(length: number): Promise<Uint8Array>;
}
