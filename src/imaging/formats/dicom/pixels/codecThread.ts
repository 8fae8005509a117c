import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { CodecName } from "./codecs.ts";
import type { PixelFormat } from "./pixelFormat.ts";

export interface CodecJob {
  readonly coding: CodecName;
  readonly frame: Uint8Array;
  readonly format: PixelFormat;
}

interface Answer {
  readonly bytes?: Uint8Array;
  readonly failure?: string;
}

const threads = Math.min(4, availableParallelism());
const idle: Worker[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/**
 * One frame decoded in a thread: damaged streams make codecs abort or run for ever, which must end neither the process
 * nor its work. A thread that goes beyond its time is ended, and another one started for the next frame.
 * @param seconds how long a frame may take
 * @throws Error with the codec's reason
 */
export async function decodeInThread(job: CodecJob, seconds: number): Promise<Uint8Array> {
  if (busy >= threads) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy++;
  try {
    const thread = idle.pop() ?? started();
    const { bytes, failure } = await answer(thread, job, seconds);
    thread.unref();
    idle.push(thread);
    if (!bytes) throw new Error(failure);
    return bytes;
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
}

const started = (): Worker =>
  new Worker(new URL(`./codec.worker${extname(import.meta.url)}`, import.meta.url));

function answer(thread: Worker, job: CodecJob, seconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let elapsed = 0;
    const settle = (act: () => void) => {
      clearInterval(clock);
      thread.off("message", answered).off("error", failed).off("exit", exited);
      act();
    };
    const ended = (reason: string) => {
      settle(() => reject(new Error(reason)));
      void thread.terminate();
    };
    // Counted in ticks: a computer that slept has not worked in that time.
    const clock = setInterval(() => {
      elapsed += tick;
      if (elapsed >= seconds) ended(`no result after ${seconds} s`);
    }, tick * 1000);
    const answered = (message: Answer) => settle(() => resolve(message));
    const failed = ({ message }: Error) => ended(message);
    const exited = (code: number) => ended(`the codec's thread ended with code ${code}`);
    thread.on("message", answered).on("error", failed).on("exit", exited);
    thread.ref();
    // Of its own: a view would take all of its buffer along, which is the whole file.
    const frame = Uint8Array.from(job.frame);
    thread.postMessage({ ...job, frame }, [frame.buffer]);
  });
}

const tick = 0.25;
