import {
  concat,
  matmul,
  type ParameterSource,
  relu,
  reshape,
  softmax,
  type Tensor,
} from "../../numerics/graph/index.ts";
import { dense } from "./dense.ts";

export interface PleConfig {
  /** Extraction levels; 1 is customised gate control (CGC), 0 a shared bottom (Caruana 1997): towers on the features. */
  readonly levels: number;
  /** 0: shared experts alone, a gate a task: multi-gate mixture of experts (MMoE, Ma et al., KDD 2018). */
  readonly expertsPerTask: number;
  readonly sharedExperts: number;
  /** Units of each expert. */
  readonly units: number;
}

/** What a gate gave each expert, for the report: expert collapse shows here. */
export interface Gate {
  /** Extraction level, from 1. */
  readonly level: number;
  /** A task, or `shared`. */
  readonly gate: string;
  /** Names of the experts, e.g. `stage 1`, `shared 2`. */
  readonly experts: readonly string[];
  /** `[N, experts]`; each row sums to 1. */
  readonly weights: Tensor;
}

/**
 * Progressive layered extraction (Tang et al., RecSys 2020).
 * A task's gate is the softmax of one linear layer of the task's input over its own and the shared experts; the shared
 * gate is over all experts of the level; the last level has no shared gate. Each level's inputs are the outputs of the
 * level before: each task's for its experts and gate, the shared one for the shared experts.
 * @param features `[N, F]`
 * @returns each task's output, `[N, units]` (without levels the features), and every gate
 */
export function progressiveLayeredExtraction(
  features: Tensor,
  tasks: readonly string[],
  { levels, expertsPerTask, sharedExperts, units }: PleConfig,
  source: ParameterSource,
): { outputs: Tensor[]; gates: Gate[] } {
  const gates: Gate[] = [];
  let taskInputs = tasks.map(() => features);
  let sharedInput = features;

  for (let level = 1; level <= levels; level++) {
    const name = `ple.level${level}`;
    const experts = (x: Tensor, owner: string, n: number): Expert[] =>
      Array.from({ length: n }, (_, e) => ({
        name: `${owner} ${e + 1}`,
        output: relu(dense(x, units, `${name}.${owner}.expert${e + 1}`, source)),
      }));
    const select = (x: Tensor, gate: string, among: readonly Expert[]): Tensor => {
      const weights = softmax(dense(x, among.length, `${name}.${gate}.gate`, source, 1));
      gates.push({ level, gate, experts: among.map((expert) => expert.name), weights });
      return weightedSum(weights, among);
    };
    const own = tasks.map((task, t) => experts(taskInputs[t], task, expertsPerTask));
    const shared = experts(sharedInput, "shared", sharedExperts);
    taskInputs = tasks.map((task, t) => select(taskInputs[t], task, [...own[t], ...shared]));
    if (level < levels) sharedInput = select(sharedInput, "shared", [...own.flat(), ...shared]);
  }
  return { outputs: taskInputs, gates };
}

interface Expert {
  readonly name: string;
  /** `[N, units]` */
  readonly output: Tensor;
}

/** Σ over experts of weight × output: `[N, E]` and E times `[N, U]` to `[N, U]`. */
function weightedSum(weights: Tensor, experts: readonly Expert[]): Tensor {
  const [n, units] = experts[0].output.shape;
  const stacked = concat(
    experts.map(({ output }) => reshape(output, [n, 1, units])),
    1,
  );
  return reshape(matmul(reshape(weights, [n, 1, experts.length]), stacked), [n, units]);
}
