import { createHash } from "node:crypto";

/** Which of several processes, each with a share of an experiment's models, this one is. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Whether a model is this process's to train: its name alone says whose it is, whatever else is trained or there. */
export const isOwn = (model: string, { index, count }: Shard): boolean =>
  createHash("sha256").update(model).digest().readUInt32BE() % count === index - 1;
