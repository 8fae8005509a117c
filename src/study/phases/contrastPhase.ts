import type { Phase } from "../../cohort/case.ts";

/** What a CT of the kidneys can show of the contrast medium. */
export const contrastPhases = ["unenhanced", "corticomedullary", "nephrographic", "excretory"] as const;
export type ContrastPhase = "unenhanced" | Phase;

/** A log-likelihood for each phase, up to a constant. */
export type LogLikelihoods = Readonly<Record<ContrastPhase, number>>;

/** Something that speaks for or against phases. */
export interface Evidence {
  readonly from: "description" | "time" | "picture";
  /** One readable line. */
  readonly text: string;
  readonly logLikelihoods: LogLikelihoods;
}

export const likelihoods = (of: (phase: ContrastPhase) => number): LogLikelihoods =>
  Object.fromEntries(contrastPhases.map((phase) => [phase, of(phase)])) as Record<ContrastPhase, number>;

/** The phase a piece of evidence speaks for most. */
export const favoured = (given: LogLikelihoods): ContrastPhase =>
  contrastPhases.reduce((best, phase) => (given[phase] > given[best] ? phase : best));

/** Posterior of equally likely phases, given independent evidence. */
export function probabilities(evidence: readonly Evidence[]): LogLikelihoods {
  const sums = likelihoods((phase) => evidence.reduce((sum, e) => sum + e.logLikelihoods[phase], 0));
  const highest = Math.max(...Object.values(sums));
  const total = Object.values(sums).reduce((sum, l) => sum + Math.exp(l - highest), 0);
  return likelihoods((phase) => Math.exp(sums[phase] - highest) / total);
}
