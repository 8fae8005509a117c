export interface PleConfig {
  /** Extraction levels; 1 is customised gate control (CGC), 0 a shared bottom (Caruana 1997): towers on the features. */
  readonly levels: number;
  /** 0: shared experts alone, a gate a task: multi-gate mixture of experts (MMoE, Ma et al., KDD 2018). */
  readonly expertsPerTask: number;
  readonly sharedExperts: number;
  /** Units of each expert. */
  readonly units: number;
}

/** A gate of a network, known from its settings alone. */
export interface GateOf {
  /** Extraction level, from 1. */
  readonly level: number;
  /** A task, or {@link shared}. */
  readonly gate: string;
  /** Names of the experts it chooses among, in the order of its weights: {@link expertName}. */
  readonly experts: readonly string[];
}

/** What belongs to all tasks. */
export const shared = "shared";

/** Name of an owner's nth expert, from 1: `stage 1`, `shared 2`. */
export const expertName = (owner: string, n: number): string => `${owner} ${n}`;

/** Name of a gate's output: `gate.level1.histology`. */
export const gateOutput = (level: number, gate: string): string => `gate.level${level}.${gate}`;

/** Every gate of a network, in the order of `progressiveLayeredExtraction`. */
export function gatesOf(
  tasks: readonly string[],
  { levels, expertsPerTask, sharedExperts }: Pick<PleConfig, "levels" | "expertsPerTask" | "sharedExperts">,
): GateOf[] {
  const experts = (owner: string, n: number) => Array.from({ length: n }, (_, e) => expertName(owner, e + 1));
  const own = tasks.map((task) => experts(task, expertsPerTask));
  const common = experts(shared, sharedExperts);
  return Array.from({ length: levels }, (_, l) => l + 1).flatMap((level): GateOf[] => [
    ...tasks.map((task, t) => ({ level, gate: task, experts: [...own[t], ...common] })),
    ...(level < levels ? [{ level, gate: shared, experts: [...own.flat(), ...common] }] : []),
  ]);
}

/** Whose each of a gate's experts is; one of an unknown owner stands for itself. @param owners tasks, and {@link shared} */
export const expertOwners = (owners: readonly string[], experts: readonly string[]): string[] => {
  const byName = new Map(
    owners.flatMap((owner) => experts.map((_, e) => [expertName(owner, e + 1), owner] as const)),
  );
  return experts.map((expert) => byName.get(expert) ?? expert);
};
