import { phases, type StudyPhase } from "../../cohort/case.ts";
import type { Remark } from "../remark.ts";
import {
  type ContrastPhase,
  contrastPhases,
  type Evidence,
  type LogLikelihoods,
  likelihoods,
  normalized,
} from "./contrastPhase.ts";
import {
  type Candidate,
  certain,
  disagreeing,
  evidenceOf,
  type Guess,
  guessOf,
  ownLogs,
  percent,
} from "./guess.ts";
import type { Picture } from "./picture/picture.ts";
import { preference } from "./preference.ts";
import { scansOf } from "./scans.ts";

interface ChosenPhase {
  /** Index among the candidates. */
  readonly index: number;
  /** Probability of this phase among the four, given all evidence and the other choices. */
  readonly confidence: number;
  readonly evidence: readonly string[];
}

/** What a user should look at, and may override. */
export interface PhaseWarning extends Remark {
  /** Of the series it is about, among the candidates. */
  readonly index: number;
}

export interface PhaseChoice {
  readonly phases: Readonly<Partial<Record<StudyPhase, ChosenPhase>>>;
  /** Of each candidate, by its own evidence. */
  readonly guesses: readonly Guess[];
  /** Why each of the others was not taken, by index. */
  readonly leftOut: readonly { readonly index: number; readonly reason: string }[];
  readonly warnings: readonly PhaseWarning[];
}

/** A phase is rather filled by a series of this probability (what is in doubt is warned of) than left empty. */
const chance = Math.log(25);

/**
 * Which series is which phase: each series' own evidence, and what two of them say together (order in time, wash-out).
 * All ways to give three phases to different series are weighed, and the likeliest is taken; among series of one phase
 * thin and soft reconstructions that reach far are preferred. The order of the candidates does not matter.
 */
export function choosePhases(candidates: readonly Candidate[]): PhaseChoice {
  const evidence = evidenceOf(candidates);
  const own = evidence.map(ownLogs);
  const quality = candidates.map(({ facts }) => preference(facts));
  const clock = clockOf(candidates);
  const known = candidates.map((_, index) => evidence[index].length > 0);
  const chosen = likeliest(candidates, own, quality, known, clock);
  const certainties = phases.flatMap((phase) => {
    const index = chosen[phase];
    if (index === undefined) return [];
    return [
      [
        phase,
        { index, ...conclusion(phase, index, chosen, candidates, own, evidence[index], clock) },
      ] as const,
    ];
  });
  const guesses = candidates.map(({ facts }, index) => guessOf(facts.name, evidence[index]));
  return {
    phases: Object.fromEntries(certainties),
    guesses,
    leftOut: candidates.flatMap((_, index) =>
      Object.values(chosen).includes(index) ? [] : [{ index, reason: reasonOf(index, chosen, guesses) }],
    ),
    warnings: [
      ...certainties.flatMap(([phase, choice]) =>
        doubts(phase, choice, candidates[choice.index], evidence[choice.index]).map(
          (text): PhaseWarning => ({ about: "doubtful phase", index: choice.index, text }),
        ),
      ),
      ...rivals(chosen, candidates, guesses, clock),
    ],
  };
}

type Chosen = Readonly<Partial<Record<StudyPhase, number>>>;

/** The assignment of the highest sum; of equal ones that of the names that come first. */
function likeliest(
  candidates: readonly Candidate[],
  own: readonly LogLikelihoods[],
  quality: readonly number[],
  known: readonly boolean[],
  clock: Clock,
): Chosen {
  const order = candidates.map((_, i) => i).sort((a, b) => compare(candidates[a], candidates[b]));
  const options = (phase: StudyPhase, taken: readonly (number | undefined)[]) => [
    undefined,
    ...order.filter((i) => known[i] && !taken.includes(i) && own[i][phase] + chance > 0),
  ];
  let best: { score: number; chosen: Chosen } = { score: 0, chosen: {} };
  const [first, second, third] = phases;
  for (const a of options(first, []))
    for (const b of options(second, [a]))
      for (const c of options(third, [a, b])) {
        const chosen = stated({ [first]: a, [second]: b, [third]: c });
        const alone = Object.entries(chosen).reduce(
          (sum, [phase, i]) => sum + own[i][phase as StudyPhase] + chance + quality[i],
          0,
        );
        const score = alone + together(chosen, candidates, clock);
        if (score > best.score + 1e-9) best = { score, chosen };
      }
  return best.chosen;
}

const compare = (a: Candidate, b: Candidate): number => (a.facts.name < b.facts.name ? -1 : 1);

const stated = (all: Partial<Record<StudyPhase, number | undefined>>): Record<StudyPhase, number> =>
  Object.fromEntries(Object.entries(all).filter(([, i]) => i !== undefined)) as Record<StudyPhase, number>;

/** When each candidate's scan was, seconds; undefined where unknown. One time is one scan. */
type Clock = readonly (number | undefined)[];

const clockOf = (candidates: readonly Candidate[]): Clock => {
  const scans = scansOf(candidates.map(({ facts }) => facts.acquisitionTime));
  return candidates.map((_, index) => scans.find(({ members }) => members.includes(index))?.time);
};

/** What pairs of series say: contrast medium comes and goes in one order. */
function together(
  chosen: Partial<Record<ContrastPhase, number>>,
  candidates: readonly Candidate[],
  clock: Clock,
): number {
  let sum = 0;
  const there = contrastPhases.filter((phase) => chosen[phase] !== undefined);
  for (const [n, early] of there.entries())
    for (const late of there.slice(n + 1)) {
      const [a, b] = [chosen[early]!, chosen[late]!];
      const [before, after] = [clock[a], clock[b]];
      if (before !== undefined && after !== undefined)
        sum += before === after ? Math.log(1e-3) : after < before ? Math.log(0.01) : 0;
      const [k, l] = [candidates[a].picture, candidates[b].picture];
      if (early !== "unenhanced" && k && l) sum += inTurn(early, k, l);
    }
  return sum;
}

/** What two pictures of one patient say of their order: the aorta, then the cortex lose contrast medium, the collecting system takes it up. */
function inTurn(early: StudyPhase, a: Picture, b: Picture): number {
  const aorta = a.aorta !== undefined && b.aorta !== undefined ? order(a.aorta - b.aorta, 30) : 0;
  const [k, l] = [a.kidney, b.kidney];
  if (!k || !l) return aorta;
  const cortex = k.cortex && l.cortex ? order(k.cortex.hu - l.cortex.hu, 10) : order(k.median - l.median, 20);
  if (early === "nephrographic") return aorta + cortex + order(l.brightMl - k.brightMl, 0.5);
  return aorta + cortex + (k.cortex && l.cortex ? order(l.cortex.depth - k.cortex.depth, 3) : 0);
}

/** Log-probability that a difference has the right sign; `scale` is what noise makes of it. */
const order = (difference: number, scale: number): number =>
  Math.log(0.05 + 0.95 / (1 + Math.exp(-difference / (scale / 2))));

function conclusion(
  phase: StudyPhase,
  index: number,
  chosen: Chosen,
  candidates: readonly Candidate[],
  own: readonly LogLikelihoods[],
  evidence: readonly Evidence[],
  clock: Clock,
): Omit<ChosenPhase, "index"> {
  const { [phase]: _, ...others } = chosen;
  const given = likelihoods((other) =>
    other in others
      ? Math.log(1e-3)
      : own[index][other] + together({ ...others, [other]: index }, candidates, clock),
  );
  return { confidence: normalized(given)[phase], evidence: evidence.map(({ text }) => text) };
}

/** A series of another scan that was left out though it shows contrast medium, while a phase is missing. */
function rivals(
  chosen: Chosen,
  candidates: readonly Candidate[],
  guesses: readonly Guess[],
  clock: Clock,
): PhaseWarning[] {
  const missing = phases.filter((phase) => chosen[phase] === undefined);
  if (missing.length === 0) return [];
  return guesses.flatMap(({ phase }, index) => {
    const taken = Object.values(chosen);
    if (phase === "unknown" || phase === "unenhanced" || taken.includes(index)) return [];
    const same = taken.some((other) => clock[other] !== undefined && clock[other] === clock[index]);
    if (same) return [];
    const text = `series ${candidates[index].facts.name} was left out, but may be the missing ${missing.join(" or ")} phase`;
    return [{ about: "other", index, text }];
  });
}

function reasonOf(index: number, chosen: Chosen, guesses: readonly Guess[]): string {
  const { phase, confidence } = guesses[index];
  if (phase === "unknown") return "nothing says which phase it is";
  if (phase === "unenhanced") return `unenhanced (${percent(confidence)}): no phase of the model`;
  return chosen[phase] === undefined
    ? `most like ${phase} (${percent(confidence)}), but nothing says so clearly`
    : `most like ${phase} (${percent(confidence)}), for which another series serves better`;
}

function doubts(
  phase: StudyPhase,
  { confidence }: ChosenPhase,
  { facts }: Candidate,
  evidence: readonly Evidence[],
): string[] {
  const against = disagreeing(evidence, phase);
  if (against.length > 0) return [`series ${facts.name} is taken for ${phase}, though ${against.join(", ")}`];
  return confidence < certain
    ? [`series ${facts.name} is taken for ${phase} with ${percent(confidence)} confidence`]
    : [];
}
