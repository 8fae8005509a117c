import { rm } from "node:fs/promises";
import { TrinephronError } from "../../../base/errors.ts";
import { type AnswerJob, queues, retryLimit, type SettleJob } from "../queue/openQueue.ts";
import { enqueue } from "../studies/enqueue.ts";
import { addEvent } from "../studies/events.ts";
import { settle } from "../studies/settle.ts";
import { type Answering, type AnswerReport, answerStudy } from "./answerStudy.ts";

/** What a worker did with a study, for logs and counts. */
export interface WorkReport {
  readonly study: number;
  readonly attempt: number;
  readonly outcome: AnswerReport["outcome"] | "again" | "handed back";
  readonly seconds: number;
  /** Where it was not answered. */
  readonly error?: unknown;
}

export interface WorkerOptions extends Answering {
  readonly settleSeconds: number;
  /** Studies that are read at a time. */
  readonly concurrency: number;
  /** How often the queue is asked; 0.5 or more. */
  readonly pollSeconds?: number | undefined;
  readonly onReport?: ((report: WorkReport) => void) | undefined;
}

/** A worker that takes studies from the queue. */
export interface Worker {
  /** Takes no more studies, and hands back those it reads: another worker, or the next start, reads them. */
  stop(): Promise<void>;
}

/** Takes jobs from the queue of this database until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { queue, database, concurrency, pollSeconds = 1, onReport } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  const answer = async (job: AnswerJob, retryCount: number) => {
    const begun = performance.now();
    const report = (outcome: WorkReport["outcome"], error?: unknown) =>
      onReport?.({ ...job, outcome, seconds: (performance.now() - begun) / 1000, error });
    try {
      const isLast = retryCount >= retryLimit;
      const { outcome, error } = await answerStudy(options, job, { isLast, signal: stopping.signal });
      report(outcome, error);
    } catch (error) {
      if (stopping.signal.aborted) {
        await handBack(options, job);
        return report("handed back");
      }
      report("again", error);
      const code = error instanceof TrinephronError ? error.code : "E_RUNTIME";
      await addEvent(database, job.study, "interrupted", { code, detail: "it is tried again" });
      throw error;
    }
  };

  await queue.work<SettleJob>(queues.settle, { pollingIntervalSeconds: pollSeconds }, async ([{ data }]) =>
    settle(options, data.study),
  );
  await queue.work<AnswerJob>(
    queues.answer,
    { pollingIntervalSeconds: pollSeconds, localConcurrency: concurrency, includeMetadata: true },
    async ([{ data, retryCount }]) => {
      const work = answer(data, retryCount);
      underWay.add(work);
      try {
        await work;
      } finally {
        underWay.delete(work);
      }
    },
  );
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([queues.settle, queues.answer].map((name) => queue.offWork(name)));
      await Promise.allSettled(underWay);
      await rm(options.work, { recursive: true, force: true });
    },
  };
}

/** Back into the queue at once, as an attempt that nobody was to blame for. */
function handBack({ database, queue }: WorkerOptions, { study, attempt }: AnswerJob): Promise<void> {
  return database.transaction(async (statements) => {
    const mine = await statements.query(
      "select 1 from trinephron.studies where id = $1 and attempt = $2 and state = 'reading' for update",
      [study, attempt],
    );
    if (mine.length === 0) return;
    await addEvent(statements, study, "interrupted", { detail: "its worker was stopped" });
    await enqueue(statements, queue, study);
  });
}
