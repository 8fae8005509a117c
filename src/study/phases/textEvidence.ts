import { type ContrastPhase, contrastPhases, type Evidence, likelihoods } from "./contrastPhase.ts";
import type { SeriesFacts } from "./facts.ts";
import { delayLikelihoods } from "./timeEvidence.ts";
import { falseFriends, phaseWords } from "./words.ts";

/** One in fifty descriptions that name a phase names the wrong one: copied protocols, late starts. */
const wrong = 0.02;

/** What the series' description says of its phase, in words or as a delay (`35s`, `5 min`). The protocol's name is of the whole examination and says nothing. */
export function textEvidence({ description }: Pick<SeriesFacts, "description">): Evidence[] {
  if (description === undefined) return [];
  const text = plain(description).replaceAll(falseFriends, " ");
  const named = contrastPhases.filter((phase) => phaseWords[phase].some((word) => word.test(text)));
  const said = latest(named);
  const evidence: Evidence[] = [];
  if (said.length > 0)
    evidence.push({
      from: "description",
      text: `description "${description}" says ${said.join(" or ")}`,
      logLikelihoods: likelihoods((phase) => Math.log(said.includes(phase) ? 1 - wrong : wrong)),
    });
  const seconds = delayIn(text);
  if (seconds !== undefined)
    evidence.push({
      from: "description",
      text: `description "${description}" gives a delay of ${seconds} s`,
      logLikelihoods: delayLikelihoods(seconds),
    });
  return evidence;
}

/** Accents off, underscores to spaces, lower case. */
const plain = (text: string): string =>
  text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll(/[_;,]/g, " ")
    .toLowerCase();

/** "late arterial" and "venous late" name two; the word for late then only qualifies the other. */
function latest(named: readonly ContrastPhase[]): readonly ContrastPhase[] {
  const others = named.filter((phase) => phase !== "excretory");
  return named.includes("excretory") && others.length === 1 && others[0] !== "unenhanced" ? others : named;
}

/** Seconds of a delay written in the text: `35s`, `70 sec`, `5 min`, `8'`. Slice thicknesses in mm are none. */
function delayIn(text: string): number | undefined {
  const minutes = /(?<![\d.])(\d{1,2})\s*(?:min\w*|'|′)/.exec(text);
  if (minutes) return inRange(60 * Number(minutes[1]), 60, 1800);
  const seconds = /(?<![\d.])(\d{2,3})\s*(?:s|sec|sek|secs|seg|seconds?|sekunden|''|")(?![a-z])/.exec(text);
  return seconds ? inRange(Number(seconds[1]), 10, 900) : undefined;
}

const inRange = (x: number, low: number, high: number) => (x >= low && x <= high ? x : undefined);
