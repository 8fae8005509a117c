import {
  type ContrastPhase,
  type Evidence,
  evidenceSources,
  favored,
  likelihoods,
  probabilities,
  summed,
} from "./contrastPhase.ts";
import type { SeriesFacts } from "./evidence/facts.ts";
import { pictureEvidence } from "./evidence/pictureEvidence.ts";
import { textEvidence } from "./evidence/textEvidence.ts";
import { timeEvidence } from "./evidence/timeEvidence.ts";
import type { Picture } from "./picture/picture.ts";
import { scansOf } from "./scans.ts";

/** A series that may be a phase. */
export interface Candidate {
  readonly facts: SeriesFacts;
  /** Undefined where it was not looked at. */
  readonly picture?: Picture | undefined;
}

export interface Guess {
  /** `unknown` only where there is no evidence at all. */
  readonly phase: ContrastPhase | "unknown";
  /** Of phases equally likely before. */
  readonly probabilities: Readonly<Record<ContrastPhase, number>>;
  /** Probability of the phase, 0 … 1. */
  readonly confidence: number;
  /** One readable line each. */
  readonly evidence: readonly string[];
  readonly warnings: readonly string[];
}

/** A phase less certain than this is warned of. */
export const certain = 0.8;
/** Sources that disagree by more than this factor are warned of. */
const disagreement = Math.log(5);

/** The phase that evidence speaks for, and what speaks against it. */
export function guessOf(name: string, evidence: readonly Evidence[]): Guess {
  const shares = probabilities(evidence);
  const best = favored(shares);
  const phase = evidence.length > 0 ? best : "unknown";
  const unsure =
    phase === "unknown"
      ? [`series ${name}: nothing says which phase it is`]
      : shares[best] < certain
        ? [`series ${name} is ${phase} with ${percent(shares[best])} confidence`]
        : [];
  const against = phase === "unknown" ? [] : disagreeing(evidence, phase);
  return {
    phase,
    probabilities: shares,
    confidence: shares[best],
    evidence: evidence.map(({ text }) => text),
    warnings:
      against.length > 0
        ? [...unsure, `series ${name} looks ${phase}, though ${against.join(", ")}`]
        : unsure,
  };
}

/** What each source says of each series of a study. Reconstructions of one scan share what one of their names says. */
export function evidenceOf(study: readonly Candidate[]): Evidence[][] {
  const times = timeEvidence(study.map(({ facts }) => facts));
  const texts = study.map(({ facts }) => textEvidence(facts));
  const scans = scansOf(study.map(({ facts }) => facts.acquisitionTime));
  return study.map(({ picture }, index) => {
    const own = texts[index];
    const sisters = scans.find(({ members }) => members.includes(index))?.members ?? [];
    const named = [...sisters]
      .filter((n) => n !== index && texts[n].length > 0)
      .sort((a, b) => (study[a].facts.name < study[b].facts.name ? -1 : 1))[0];
    const lent =
      own.length === 0 && named !== undefined
        ? texts[named].map((e) => ({ ...e, text: `of the same scan: ${e.text}` }))
        : own;
    return [...lent, ...times[index], ...(picture ? pictureEvidence(picture) : [])];
  });
}

/** The sources that speak for another phase, in words. */
export function disagreeing(evidence: readonly Evidence[], phase: ContrastPhase): string[] {
  return evidenceSources.flatMap((from) => {
    const own = evidence.filter((e) => e.from === from);
    if (own.length === 0) return [];
    const sums = summed(own);
    const best = favored(sums);
    return sums[best] - sums[phase] > disagreement ? [`its ${from} says ${best}`] : [];
  });
}

export const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;

/** Log-probabilities by a series' own evidence. */
export const ownLogs = (evidence: readonly Evidence[]) => {
  const shares = probabilities(evidence);
  return likelihoods((phase) => Math.log(shares[phase]));
};
