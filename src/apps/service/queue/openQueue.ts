import type { PgBoss } from "pg-boss";
import type { Database } from "../database/database.ts";
import { library } from "../library.ts";
import { queueDatabase } from "./queueDatabase.ts";

/** Names of the queues. */
export const queues = {
  /** A study that waits for more images; one job a study, which is put off while they come. */
  settle: "study-settle",
  /** A study to be read. */
  answer: "study-answer",
  /** A study whose time has come to be deleted. */
  remove: "study-remove",
} as const;

export interface SettleJob {
  readonly study: number;
}

export interface AnswerJob {
  readonly study: number;
  readonly attempt: number;
}

export interface RemoveJob {
  readonly studyUid: string;
}

export interface QueueOptions {
  /** Whether this process looks after the queues: jobs of workers that are silent are given to others. */
  readonly supervise: boolean;
  /** Told what the queue could not do, as when the database is away; it tries again by itself. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** A worker that is silent for so long is taken for dead, seconds. */
export const heartbeatSeconds = 30;
/** The longest a study may be read, seconds: of one that takes longer the process has hung. */
const expireInSeconds = 4 * 3600;
/** How often a job is tried again. */
export const retryLimit = 3;

/**
 * The queue in the service's own database, so that a job and what it is about are committed together.
 * @throws E_LIBRARY
 */
export async function openQueue(database: Database, { supervise, onError }: QueueOptions): Promise<PgBoss> {
  const { PgBoss } = await library("pg-boss", () => import("pg-boss"));
  const queue = new PgBoss({
    db: queueDatabase(database),
    ...(database.kind === "embedded" && { backend: "pglite" }),
    schedule: false,
    supervise,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    registerInstance: false,
    reindex: false,
    monitorVacuum: false,
  });
  queue.on("error", (error) => onError?.(error));
  await queue.start();
  await queue.createQueue(queues.settle, { policy: "short", retryLimit, retryDelay: 5 });
  await queue.createQueue(queues.remove, { policy: "short", retryLimit, retryDelay: 60, retryBackoff: true });
  await queue.createQueue(queues.answer, {
    policy: "standard",
    heartbeatSeconds,
    expireInSeconds,
    retryLimit,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 600,
  });
  return queue;
}
