import { type Phase, phases } from "../../cohort/case.ts";
import {
  type ContrastPhase,
  contrastPhases,
  type Evidence,
  favoured,
  type LogLikelihoods,
  likelihoods,
  probabilities,
} from "./contrastPhase.ts";
import type { SeriesFacts } from "./facts.ts";
import { kernelOf } from "./kernel.ts";
import { type Picture, pictureEvidence } from "./picture.ts";
import { textEvidence } from "./textEvidence.ts";
import { timeEvidence } from "./timeEvidence.ts";

/** A series that may be a phase. */
export interface Candidate {
  readonly facts: SeriesFacts;
  /** Undefined where it was not looked at. */
  readonly picture?: Picture | undefined;
}

export interface ChosenPhase {
  /** Index among the candidates. */
  readonly index: number;
  /** Probability of this phase among the four, given all evidence and the other choices. */
  readonly confidence: number;
  readonly evidence: readonly string[];
}

export interface PhaseChoice {
  readonly phases: Readonly<Partial<Record<Phase, ChosenPhase>>>;
  /** Of each candidate, by its own evidence. */
  readonly guesses: readonly { readonly phase: ContrastPhase; readonly confidence: number }[];
  /** Why each of the others was not taken, by index. */
  readonly leftOut: readonly { readonly index: number; readonly reason: string }[];
  /** What a user should look at, and may override. */
  readonly warnings: readonly string[];
}

/** Series that start within so many seconds are reconstructions of one scan. */
const oneScan = 8;
/** A choice less certain than this is warned of. */
const certain = 0.8;
/** What disagrees by more than this factor is warned of. */
const disagreement = Math.log(5);
/** A phase is rather filled by a series of this probability (what is in doubt is warned of) than left empty. */
const chance = Math.log(12);

/**
 * Which series is which phase: each series' own evidence, and what two of them say together (order in time, wash-out).
 * All ways to give three phases to different series are weighed, and the likeliest is taken; among series of one phase
 * thin and soft reconstructions that reach far are preferred. The order of the candidates does not matter.
 */
export function choosePhases(candidates: readonly Candidate[]): PhaseChoice {
  const evidence = candidates.map(evidenceOf);
  const own = evidence.map((list) => {
    const p = probabilities(list);
    return likelihoods((phase) => Math.log(p[phase]));
  });
  const quality = candidates.map(({ facts }) => preference(facts));
  const chosen = likeliest(candidates, own, quality);
  const certainties = phases.flatMap((phase) => {
    const index = chosen[phase];
    if (index === undefined) return [];
    return [
      [phase, { index, ...conclusion(phase, index, chosen, candidates, own, evidence[index]) }] as const,
    ];
  });
  const guesses = own.map((logs) => {
    const phase = favoured(logs);
    return { phase, confidence: Math.exp(logs[phase]) };
  });
  return {
    phases: Object.fromEntries(certainties),
    guesses,
    leftOut: candidates.flatMap((_, index) =>
      Object.values(chosen).includes(index) ? [] : [{ index, reason: reasonOf(index, chosen, guesses) }],
    ),
    warnings: certainties.flatMap(([phase, choice]) =>
      doubts(phase, choice, candidates[choice.index], evidence[choice.index]),
    ),
  };
}

type Chosen = Readonly<Partial<Record<Phase, number>>>;

const evidenceOf = ({ facts, picture }: Candidate): Evidence[] => [
  ...textEvidence(facts),
  ...timeEvidence(facts),
  ...(picture ? pictureEvidence(picture) : []),
];

/** The assignment of the highest sum; of equal ones that of the names that come first. */
function likeliest(
  candidates: readonly Candidate[],
  own: readonly LogLikelihoods[],
  quality: readonly number[],
): Chosen {
  const order = candidates.map((_, i) => i).sort((a, b) => compare(candidates[a], candidates[b]));
  const options = (phase: Phase, taken: readonly (number | undefined)[]) => [
    undefined,
    ...order.filter((i) => !taken.includes(i) && own[i][phase] + chance > 0),
  ];
  let best: { score: number; chosen: Chosen } = { score: 0, chosen: {} };
  const [first, second, third] = phases;
  for (const a of options(first, []))
    for (const b of options(second, [a]))
      for (const c of options(third, [a, b])) {
        const chosen = stated({ [first]: a, [second]: b, [third]: c });
        const alone = Object.entries(chosen).reduce(
          (sum, [phase, i]) => sum + own[i][phase as Phase] + chance + quality[i],
          0,
        );
        const score = alone + together(chosen, candidates);
        if (score > best.score + 1e-9) best = { score, chosen };
      }
  return best.chosen;
}

const compare = (a: Candidate, b: Candidate): number => (a.facts.name < b.facts.name ? -1 : 1);

const stated = (all: Partial<Record<Phase, number | undefined>>): Record<Phase, number> =>
  Object.fromEntries(Object.entries(all).filter(([, i]) => i !== undefined)) as Record<Phase, number>;

/** What pairs of series say: contrast medium comes and goes in one order. */
function together(chosen: Partial<Record<ContrastPhase, number>>, candidates: readonly Candidate[]): number {
  let sum = 0;
  const there = contrastPhases.filter((phase) => chosen[phase] !== undefined);
  for (const [n, early] of there.entries())
    for (const late of there.slice(n + 1)) {
      const [a, b] = [candidates[chosen[early]!], candidates[chosen[late]!]];
      const [before, after] = [a.facts.acquisitionTime, b.facts.acquisitionTime];
      // A study at midnight is rarer than a wrong order.
      if (before !== undefined && after !== undefined) {
        if (Math.abs(after - before) < oneScan) sum += Math.log(1e-3);
        else if (after < before && before - after < 43_200) sum += Math.log(0.01);
      }
      const [k, l] = [a.picture?.kidney, b.picture?.kidney];
      if (!k || !l) continue;
      if (early === "corticomedullary") sum += order(k.spread - l.spread, 20);
      if (early === "nephrographic")
        sum += order(k.median - l.median, 10) + order(l.brightMl - k.brightMl, 0.5);
    }
  return sum;
}

/** Log-probability that a difference has the right sign; `scale` is what noise makes of it. */
const order = (difference: number, scale: number): number =>
  Math.log(0.05 + 0.95 / (1 + Math.exp(-difference / (scale / 2))));

function conclusion(
  phase: Phase,
  index: number,
  chosen: Chosen,
  candidates: readonly Candidate[],
  own: readonly LogLikelihoods[],
  evidence: readonly Evidence[],
): Omit<ChosenPhase, "index"> {
  const { [phase]: _, ...others } = chosen;
  const given = likelihoods((other) =>
    other in others
      ? Math.log(1e-3)
      : own[index][other] + together({ ...others, [other]: index }, candidates),
  );
  const highest = Math.max(...Object.values(given));
  const total = Object.values(given).reduce((sum, l) => sum + Math.exp(l - highest), 0);
  return { confidence: Math.exp(given[phase] - highest) / total, evidence: evidence.map(({ text }) => text) };
}

/** Preference among series of one phase, as a log-odds. */
function preference({ sliceSpacing, coverageMm, kernel, description }: SeriesFacts): number {
  const thin = sliceSpacing <= 3 ? 0.3 : sliceSpacing > 5 ? -0.3 : 0;
  const soft = kernelOf(kernel, description) === "sharp" ? -1 : 0;
  return thin + soft + (coverageMm < 80 ? -1 : 0) - sliceSpacing / 100;
}

function reasonOf(index: number, chosen: Chosen, guesses: PhaseChoice["guesses"]): string {
  const { phase, confidence } = guesses[index];
  if (phase === "unenhanced") return `unenhanced (${percent(confidence)}): no phase of the model`;
  return chosen[phase] === undefined
    ? `most like ${phase} (${percent(confidence)}), but nothing says so clearly`
    : `most like ${phase} (${percent(confidence)}), for which another series serves better`;
}

function doubts(
  phase: Phase,
  { confidence }: ChosenPhase,
  { facts }: Candidate,
  evidence: readonly Evidence[],
): string[] {
  const against = (["description", "time", "picture"] as const).flatMap((from) => {
    const own = evidence.filter((e) => e.from === from);
    if (own.length === 0) return [];
    const sums = likelihoods((p) => own.reduce((sum, e) => sum + e.logLikelihoods[p], 0));
    const best = favoured(sums);
    return sums[best] - sums[phase] > disagreement ? [`its ${from} says ${best}`] : [];
  });
  if (against.length > 0) return [`series ${facts.name} is taken for ${phase}, though ${against.join(", ")}`];
  return confidence < certain
    ? [`series ${facts.name} is taken for ${phase} with ${percent(confidence)} confidence`]
    : [];
}

const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;
