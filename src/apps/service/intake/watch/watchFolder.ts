import { stat } from "node:fs/promises";
import { TrinephronError } from "../../../../base/errors.ts";
import { walk } from "../../../../imaging/formats/dicom/file/walk.ts";
import { stageCopy } from "../../pixels/stagedFile.ts";
import { instanceOf } from "../instance.ts";
import { readInstance } from "../readInstance.ts";
import { type Intake, receiveInstance } from "../receiveInstance.ts";
import { knownInstance } from "../registerInstance.ts";

export interface WatchOptions {
  /** Time between two looks at the folder. */
  readonly everyMs: number;
  /** Told of a folder that cannot be read, or of an error that is nobody's fault; the next look tries again. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface WatchedFolder {
  /** Once the file under way is taken. */
  stop(): Promise<void>;
}

/**
 * Takes images from a folder and its subfolders, as they appear there. The files stay where they are. One is taken when
 * it was of the same size and age at two looks, for others copy slowly; it is looked at again when it changes. The folder
 * is listed again and again, for not every network tells of changes.
 */
export function watchFolder(
  intake: Intake,
  folder: string,
  { everyMs, onError }: WatchOptions,
): WatchedFolder {
  const seen = new Map<string, string>();
  const done = new Map<string, string>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const { files } = await walk(folder);
    const there = new Set(files);
    for (const map of [seen, done]) for (const path of map.keys()) if (!there.has(path)) map.delete(path);
    for (const path of files) {
      if (stopping.signal.aborted) return;
      const found = await stat(path).catch(() => undefined);
      if (!found) continue;
      const version = `${found.size} ${found.mtimeMs}`;
      if (done.get(path) === version) continue;
      if (seen.get(path) !== version) {
        seen.set(path, version);
        continue;
      }
      if (await take(intake, path, found.size)) done.set(path, version);
    }
  };
  const run = async (): Promise<void> => {
    await look().catch((error) => onError?.(error));
    if (!stopping.signal.aborted) timer = setTimeout(() => (current = run()), everyMs);
  };
  let current = run();
  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await current;
    },
  };
}

/**
 * What came before, as all does after a new start, is not copied to find that out.
 * @returns false where it is to be tried again: the disk is full
 */
async function take(intake: Intake, path: string, bytes: number): Promise<boolean> {
  try {
    const instance = instanceOf(await readInstance(path, bytes, "the image"), "the image");
    if (await knownInstance(intake.database, instance)) return true;
  } catch (error) {
    // Told of when it is received: every image that is refused goes one way.
    if (!(error instanceof TrinephronError)) throw error;
  }
  try {
    const file = await stageCopy(path, intake.incoming, intake.maxInstanceBytes);
    const received = await receiveInstance(intake, file, "folder");
    return !(received.outcome === "refused" && received.error.code === "E_FILE_WRITE");
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    intake.onReceived?.({ outcome: "refused", error }, "folder");
    return error.code !== "E_FILE_WRITE";
  }
}
