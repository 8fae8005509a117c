import { type ContrastPhase, contrastPhases, type Evidence, likelihoods } from "../contrastPhase.ts";
import { delayIn } from "./delayIn.ts";
import type { SeriesFacts } from "./facts.ts";
import { delayLikelihoods } from "./timeEvidence.ts";
import { denied, enhancedWords, falseFriends, phaseWords, weakWords } from "./words.ts";

/** So many descriptions that name a phase name the wrong one: copied protocols, late starts. */
const wrong = { description: 0.02, protocol: 0.2, enhanced: 0.05, agent: 0.3 };

/**
 * What the series' description says of its phase, in words or as a delay (`35s`, `5 min`). The protocol's name counts only
 * where the description says nothing and it names one phase: most are of the whole examination, as is the study's
 * description, which is not asked.
 */
export function textEvidence({
  description,
  protocol,
  contrastAgent,
}: Pick<SeriesFacts, "description" | "protocol" | "contrastAgent">): Evidence[] {
  const said = description === undefined ? [] : evidenceIn(description);
  if (said.length > 0) return said;
  const named = protocol === undefined ? [] : namedIn(plain(protocol));
  if (named.length === 1)
    return [
      {
        from: "description",
        text: `protocol "${protocol}" says ${named[0]}`,
        logLikelihoods: oneOf(named, wrong.protocol),
      },
    ];
  // Scanners write the agent into scans before it, too.
  if (contrastAgent !== undefined)
    return [enhanced(`contrast agent "${contrastAgent}" is recorded`, wrong.agent)];
  return [];
}

function evidenceIn(description: string): Evidence[] {
  const text = plain(description);
  const evidence: Evidence[] = [];
  const named = namedIn(text);
  if (named.length > 0)
    evidence.push({
      from: "description",
      text: `description "${description}" says ${named.join(" or ")}`,
      logLikelihoods: oneOf(named, wrong.description),
    });
  else if (enhancedWords.some((word) => word.test(text)))
    evidence.push(enhanced(`description "${description}" says with contrast medium`, wrong.enhanced));
  const seconds = delayIn(text);
  if (seconds !== undefined)
    evidence.push({
      from: "description",
      text: `description "${description}" gives a delay of ${seconds} s`,
      logLikelihoods: delayLikelihoods(seconds),
    });
  return evidence;
}

const oneOf = (named: readonly ContrastPhase[], error: number) =>
  likelihoods((phase) => Math.log(named.includes(phase) ? 1 - error : error));

const enhanced = (text: string, error: number): Evidence => ({
  from: "description",
  text,
  logLikelihoods: likelihoods((phase) => Math.log(phase === "unenhanced" ? error : 1)),
});

/** The phases named; "with and without contrast medium", of a whole examination, names none. */
function namedIn(plainText: string): ContrastPhase[] {
  const text = [...falseFriends, denied].reduce((rest, other) => rest.replaceAll(other, " "), plainText);
  const there = (words: readonly RegExp[]) => words.some((word) => word.test(text));
  const plainly = contrastPhases.filter((phase) => there(phaseWords[phase]));
  if (plainly.length === 1 && plainly[0] === "unenhanced" && there(enhancedWords)) return [];
  return plainly.length > 0 ? plainly : contrastPhases.filter((phase) => there(weakWords[phase] ?? []));
}

/** Accents off, lower case, words that are written together apart. */
const plain = (text: string): string =>
  text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "")
    .normalize("NFC")
    .replaceAll("ß", "ss")
    .replaceAll(/[_;,.:()[\]]+(?!\d)/g, " ")
    .replaceAll(/\s+/g, " ")
    .toLowerCase();
