import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { NetworkConfig } from "../../src/learning/model/network.ts";

/** What both sides build: the same network, weights and data. */
export interface Job {
  readonly config: NetworkConfig;
  readonly batch: number;
  readonly learningRate: number;
  /** Decay of the parameters' running mean, which both keep. */
  readonly averaging: number;
  readonly threads: number;
  /** Files of float32: the starting weights, and images followed by label signs. */
  readonly theta: string;
  readonly data: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly offset: number;
    readonly shape: readonly number[];
    readonly decay: boolean;
    readonly frozen: boolean;
  }[];
}

export type Command = { readonly steps: number } | { readonly cases: number } | { readonly idle: true };

export interface Answer {
  readonly seconds: number;
  /** Losses of the steps, or probabilities of the cases. */
  readonly values: readonly number[];
  /** Peak resident memory of the process so far. */
  readonly peakBytes: number;
  /** Building and compiling, at the first command. */
  readonly compileSeconds?: number;
}

/** A process of its own that answers one JSON line for each. */
export interface Peer {
  ask(command: Command): Promise<Answer>;
  close(): void;
}

export function openPeer(command: string, args: readonly string[], job: Job): Peer {
  const child = spawn(command, args, { env: { ...process.env, OMP_NUM_THREADS: `${job.threads}` } });
  child.stderr.pipe(process.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const send = (message: unknown) => child.stdin.write(`${JSON.stringify(message)}\n`);
  send(job);
  return {
    async ask(message) {
      send(message);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ${args.join(" ")} ended`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}
