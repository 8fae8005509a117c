import type { StudyPhase } from "../../cohort/case.ts";

/** What a CT of the kidneys can show of the contrast medium. A portal-venous scan counts as nephrographic. */
export const contrastPhases = ["unenhanced", "corticomedullary", "nephrographic", "excretory"] as const;
export type ContrastPhase = "unenhanced" | StudyPhase;

/** A log-likelihood for each phase, up to a constant. */
export type LogLikelihoods = Readonly<Record<ContrastPhase, number>>;

/** Where evidence comes from; what different ones say is compared. */
export const evidenceSources = ["description", "time", "picture"] as const;

/** Something that speaks for or against phases. */
export interface Evidence {
  readonly from: (typeof evidenceSources)[number];
  /** One readable line. */
  readonly text: string;
  readonly logLikelihoods: LogLikelihoods;
}

export const likelihoods = (of: (phase: ContrastPhase) => number): LogLikelihoods =>
  Object.fromEntries(contrastPhases.map((phase) => [phase, of(phase)])) as Record<ContrastPhase, number>;

/** Of several pieces of evidence, taken as independent. */
export const summed = (evidence: readonly Evidence[]): LogLikelihoods =>
  likelihoods((phase) => evidence.reduce((sum, { logLikelihoods }) => sum + logLikelihoods[phase], 0));

/** The phase a piece of evidence speaks for most. */
export const favored = (given: LogLikelihoods): ContrastPhase =>
  contrastPhases.reduce((best, phase) => (given[phase] > given[best] ? phase : best));

/** The phases a piece of evidence speaks for: those within a factor of three of the likeliest, in words. */
export const favoredInWords = (given: LogLikelihoods): string =>
  contrastPhases.filter((phase) => given[phase] > given[favored(given)] - Math.log(3)).join(" or ");

/** Phases of equally likely ones before, given log-likelihoods; they sum to 1. */
export function normalized(logs: LogLikelihoods): Readonly<Record<ContrastPhase, number>> {
  const highest = Math.max(...Object.values(logs));
  const total = Object.values(logs).reduce((sum, l) => sum + Math.exp(l - highest), 0);
  return likelihoods((phase) => Math.exp(logs[phase] - highest) / total);
}

/** Posterior of equally likely phases, given independent evidence. */
export const probabilities = (evidence: readonly Evidence[]): Readonly<Record<ContrastPhase, number>> =>
  normalized(summed(evidence));
