import { TrinephronError } from "../../../../src/base/errors.ts";
import { derivedSeed, random } from "../../../../src/base/random.ts";
import { differences, exact } from "./compare.ts";
import { type End, type Mutation, pick } from "./mutation.ts";
import { mutations } from "./mutations/all.ts";
import { outcomeOf, type Result } from "./outcome.ts";
import { cleared } from "./places.ts";
import { type Study, studies } from "./study.ts";

/** What became of a case. */
export interface Finding {
  readonly mutation: Mutation;
  readonly kind: Study["kind"];
  /** A silent difference is none of the ends a mutation may have. */
  readonly end: End | "different, in silence";
  /** Whether a remark or error says what the mutation is about. */
  readonly told: boolean;
  readonly lines: readonly string[];
}

const rights = new Map<string, Promise<Result>>();

/** What the study that a mutation writes otherwise is read as. */
function rightOf({ from, name }: Mutation, study: Study): Promise<Result> {
  const key = `${study.kind} ${from ? name : ""}`;
  const known = rights.get(key);
  if (known) return known;
  const folder = `right ${rights.size}`;
  const found = outcomeOf(from ? from(study) : study, folder).then((result) => {
    cleared(folder);
    if (result instanceof TrinephronError) throw result;
    return result;
  });
  rights.set(key, found);
  return found;
}

/** With this seed every mutation comes to each of its ends within four rounds. */
const usual = 19;

/** Reads one mutated study; its number is its seed. @param seed of all cases */
export async function caseOf(number: number, seed = usual): Promise<Finding> {
  const draw = random(derivedSeed(seed, "meaning", number));
  const mutation = mutations[number % mutations.length];
  const study = studies[pick(draw, mutation.of)];
  const right = await rightOf(mutation, study);
  const result = await outcomeOf(mutation.apply(study, draw), String(number));
  cleared(String(number));
  const { says } = mutation;
  const tells = (lines: readonly string[]) => says !== undefined && lines.some((line) => says.test(line));
  const found = { mutation, kind: study.kind };
  if (result instanceof TrinephronError)
    return { ...found, end: "refused", told: tells([result.line]), lines: [result.line] };
  const differs = differences(right, result, { ...exact, ...mutation.within });
  const remarks = result.remarks.filter((remark) => !right.remarks.includes(remark));
  const end =
    differs.length === 0
      ? remarks.length === 0
        ? "same"
        : "same, said"
      : remarks.length > 0
        ? "different, said"
        : "different, in silence";
  return { ...found, end, told: end === "same" || tells(remarks), lines: [...differs, ...remarks] };
}
