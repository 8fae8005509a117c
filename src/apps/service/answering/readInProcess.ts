import { fork } from "node:child_process";
import { extname } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import type { ReadingProgress } from "../studies/progress.ts";
import type { ReadAnswer, ReadJob, ReadMessage } from "./readJob.ts";

const child = new URL(`./read.child${extname(import.meta.url)}`, import.meta.url);

/**
 * Reads a study in a process of its own, which ends with it.
 * @param signal once aborted the process is killed
 * @throws what reading throws; E_RUNTIME where the process ends by itself, E_INTERRUPTED once aborted
 */
export function readInProcess(
  job: ReadJob,
  signal: AbortSignal,
  onProgress: (progress: ReadingProgress) => void,
): Promise<Extract<ReadAnswer, { written: unknown }>["written"]> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interrupted());
    // What libraries print there may tell of the patient.
    const reading = fork(child, [], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const kill = () => reading.kill("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    let answer: ReadAnswer | undefined;
    reading.on("message", (message: ReadMessage) => {
      if ("progress" in message) onProgress(message.progress);
      else answer = message;
    });
    reading.on("error", reject);
    reading.on("exit", (code, name) => {
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(interrupted());
      else if (!answer)
        reject(
          new TrinephronError(
            "E_RUNTIME",
            `the process that read the study ended: ${name ?? code}`,
            "is memory short?",
          ),
        );
      else if ("error" in answer)
        reject(new TrinephronError(answer.error.code, answer.error.message, answer.error.hint));
      else resolve(answer.written);
    });
    reading.send(job);
  });
}

const interrupted = () => new TrinephronError("E_INTERRUPTED", "stopped while the study was read");
