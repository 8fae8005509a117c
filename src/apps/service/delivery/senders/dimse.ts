import { fork } from "node:child_process";
import { extname } from "node:path";
import type { DestinationOf } from "../destination.ts";
import { noObjects, objectsOf } from "../objects.ts";
import type { Send } from "../sender.ts";
import { later, refused, type Sent } from "../sent.ts";
import { outcomeOfStatus, worst } from "../storeStatus.ts";
import type { ScuAnswer, ScuJob } from "./scuMessages.ts";

const child = new URL(`./scu.child${extname(import.meta.url)}`, import.meta.url);

/**
 * Stores a result's objects by C-STORE, in a process of its own: an error within dcmjs-dimse ends the process that it
 * happens in.
 * @param ownAeTitle of the service
 */
export const sendByStore =
  (destination: DestinationOf<"dimse">, ownAeTitle: string): Send =>
  async (result, results, signal) => {
    const { host, port, aeTitle, callingAeTitle = ownAeTitle, timeoutSeconds } = destination;
    const objects = objectsOf(result.files, destination.files);
    if (objects.length === 0) return refused(noObjects);
    const files = await Promise.all(objects.map(({ key }) => results.local(key)));
    const job: ScuJob = { host, port, aeTitle, callingAeTitle, timeoutSeconds, files };
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    const answer = await inProcess(job, AbortSignal.any([signal, timeout]));
    if (timeout.aborted) return later(`no answer within ${timeoutSeconds} s`);
    return outcomeOfScu(answer);
  };

export function outcomeOfScu(answer: ScuAnswer): Sent {
  if ("failed" in answer) return later(answer.failed);
  return worst(
    answer.statuses.map((status) => {
      if (status === "no answer") return later("the association ended before an object was answered");
      return typeof status === "number" ? outcomeOfStatus(status) : refused(`${status} is not taken there`);
    }),
  );
}

const inProcess = (job: ScuJob, signal: AbortSignal): Promise<ScuAnswer> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ failed: "stopped" });
    // What libraries print there may tell of patients.
    const sending = fork(child, [], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const kill = () => sending.kill("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    let answer: ScuAnswer | undefined;
    sending.on("message", (message: ScuAnswer) => (answer = message));
    sending.on("error", ({ message }) => resolve({ failed: message }));
    sending.on("exit", (code, name) => {
      signal.removeEventListener("abort", kill);
      resolve(answer ?? { failed: `the process that sends by C-STORE ended: ${name ?? code}` });
    });
    sending.send(job);
  });
