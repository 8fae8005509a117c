import type { Readable } from "node:stream";
import type { StagedFile } from "./stagedFile.ts";

/**
 * Files by their content: the key is its SHA-256, so that the same content is kept once, whoever writes it and however
 * often, and nothing is ever changed. Implemented by a folder; an object store fits as well.
 */
export interface ContentStore {
  /** Moves a file into the store; when it returns, the content will outlast a loss of power. @throws E_FILE_WRITE */
  adopt(file: StagedFile): Promise<void>;
  /** @throws E_FILE_MISSING, at once or while it is read */
  read(key: string): Promise<Readable>;
  /** A path on this machine where the content can be read. @throws E_FILE_MISSING */
  local(key: string): Promise<string>;
  /** Removes the content, where it is there. @throws E_FILE_WRITE */
  remove(key: string): Promise<void>;
  /** Every key, in any order. */
  keys(): AsyncIterable<string>;
}
