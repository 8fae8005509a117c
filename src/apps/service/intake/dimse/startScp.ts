import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { TrinephronError } from "../../../../base/errors.ts";
import { library } from "../../library.ts";
import { failureReason } from "../failureReason.ts";
import { type Intake, receiveInstance } from "../receiveInstance.ts";
import type { FromScp, ScpSettings, ToScp } from "./scpMessages.ts";

/** A process that takes images by C-STORE. */
export interface RunningScp {
  readonly port: number;
  /** Whether images can come in now; false while the process is started again. */
  readonly isListening: () => boolean;
  /** What is being received is cut off; senders see a connection that ends. */
  stop(): Promise<void>;
}

export interface ScpOptions extends Omit<ScpSettings, "incoming" | "maxInstanceBytes"> {
  /** Told why a connection was not taken. */
  readonly onRefused?: ((why: string) => void) | undefined;
  /** Told that the process ended, by which signal or with which exit code; it is started again. */
  readonly onEnded?: ((how: string) => void) | undefined;
  /** Told of an error that is nobody's fault, for which an image was not taken. */
  readonly onError?: ((error: Error) => void) | undefined;
}

const child = new URL(`./scp.child${extname(import.meta.url)}`, import.meta.url);
/** Before a process that ended is started again; a hostile sender may end it each time. */
const restartMs = 1000;
/** Out of resources: the sender may try again. */
const noResources = 0xa700;

/**
 * Listens for images by C-STORE. An image gets success only once it is safe: in the store and in the database. The
 * process is started again where it ends.
 * @throws E_ADDRESS where the port cannot be had, E_LIBRARY
 */
export async function startScp(intake: Intake, options: ScpOptions): Promise<RunningScp> {
  await library("dcmjs-dimse", async () => import.meta.resolve("dcmjs-dimse"));
  const { onRefused, onEnded, onError, ...own } = options;
  const { incoming, maxInstanceBytes } = intake;
  let stopped = false;
  let listening = false;
  let running: ChildProcess;
  let timer: NodeJS.Timeout | undefined;
  let { port } = own;
  const ready = Promise.withResolvers<void>();

  const start = () => {
    const settings: ScpSettings = { ...own, port, incoming, maxInstanceBytes };
    // What libraries print there may tell of patients.
    running = fork(child, [JSON.stringify(settings)], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const answering = running;
    running.on("message", async (message: FromScp) => {
      if (message.kind === "refused") onRefused?.(message.why);
      else if (message.kind === "failed") ready.reject(unavailable(own, message));
      else if (message.kind === "listening") {
        port = message.port;
        listening = true;
        ready.resolve();
      } else {
        const status = await statusOf(intake, message, onError);
        if (answering.connected) answering.send({ id: message.id, status } satisfies ToScp);
      }
    });
    running.on("error", (error) => onError?.(error));
    running.on("exit", (code, signal) => {
      listening = false;
      if (stopped) return;
      const how = signal ?? `exit code ${code}`;
      ready.reject(new TrinephronError("E_RUNTIME", `the process that takes C-STORE ended: ${how}`));
      onEnded?.(how);
      timer = setTimeout(start, restartMs);
    });
  };
  const stop = async () => {
    stopped = true;
    clearTimeout(timer);
    if (running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await ended;
  };
  start();
  try {
    await ready.promise;
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, isListening: () => listening, stop };
}

async function statusOf(
  intake: Intake,
  { file, announced }: Extract<FromScp, { kind: "store" }>,
  onError: ScpOptions["onError"],
): Promise<number> {
  try {
    const received = await receiveInstance(intake, file, "C-STORE", announced);
    return received.outcome === "refused" ? failureReason(received.error) : 0;
  } catch (error) {
    onError?.(error as Error);
    return noResources;
  }
}

function unavailable(
  { host, port }: Pick<ScpSettings, "host" | "port">,
  { code, message }: Extract<FromScp, { kind: "failed" }>,
): TrinephronError {
  const known: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program listens there",
    EACCES: "no permission; ports below 1024 are for administrators",
    EADDRNOTAVAIL: "no address of this machine",
  };
  return new TrinephronError(
    "E_ADDRESS",
    `${host}:${port}: ${known[code] ?? message}`,
    "choose another with --dicom-port",
  );
}
