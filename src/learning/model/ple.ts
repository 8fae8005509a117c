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
import { expertName, type GateOf, type PleConfig, shared as sharedOwner } from "./gates.ts";

/** What a gate gave each expert, for the report: expert collapse shows here. */
export interface Gate extends GateOf {
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
        name: expertName(owner, e + 1),
        output: relu(dense(x, units, `${name}.${owner}.expert${e + 1}`, source)),
      }));
    const select = (x: Tensor, gate: string, among: readonly Expert[]): Tensor => {
      const weights = softmax(dense(x, among.length, `${name}.${gate}.gate`, source, 1));
      gates.push({ level, gate, experts: among.map((expert) => expert.name), weights });
      return weightedSum(weights, among);
    };
    const own = tasks.map((task, t) => experts(taskInputs[t], task, expertsPerTask));
    const shared = experts(sharedInput, sharedOwner, sharedExperts);
    taskInputs = tasks.map((task, t) => select(taskInputs[t], task, [...own[t], ...shared]));
    if (level < levels) sharedInput = select(sharedInput, sharedOwner, [...own.flat(), ...shared]);
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
