import { TrinephronError } from "../../../../base/errors.ts";
import { clearPartials } from "../../../../base/files.ts";
import { runPool } from "../../../../base/threads.ts";
import type { Work } from "../../../../base/work.ts";
import type { PreparedFile } from "./prepared.ts";

/** No case takes that long: what is older was left by a killed process. */
const hour = 3_600_000;

/**
 * The prepared file of each job, in their order.
 * @param worker answers a job with its file
 * @param step what progress calls it
 * @throws a job's error; E_FILE_WRITE; E_INTERRUPTED on `signal`, the files written so far kept
 */
export async function preparedByThreads<J>(
  worker: URL,
  jobs: readonly J[],
  step: string,
  cache: string,
  { threads, signal, progress }: Work,
): Promise<PreparedFile[]> {
  await clearPartials(cache, hour);
  const files: PreparedFile[] = [];
  let done = 0;
  await runPool<J, PreparedFile>(jobs, {
    worker,
    threads,
    signal,
    done: (index, outcome) => {
      if (outcome instanceof TrinephronError) throw outcome;
      files[index] = outcome;
      progress?.(step, ++done, jobs.length);
    },
  });
  return files;
}
