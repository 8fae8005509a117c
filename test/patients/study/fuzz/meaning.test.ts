import { afterAll, expect, test } from "vitest";
import { caseOf } from "./case.ts";
import { mutations } from "./mutations/all.ts";
import { cleared } from "./places.ts";

/** Four rounds of all mutations, or as many cases as MEANING_CASES says, from the one of MEANING_FIRST on. */
const cases = Number(process.env.MEANING_CASES ?? 4 * mutations.length);
const first = Number(process.env.MEANING_FIRST ?? 0);

afterAll(() => cleared());

test("a study written otherwise is read as the same, or a remark or an error says why not", async () => {
  const faults: string[] = [];
  const ends = new Map<string, number>();
  const reached = new Map<string, Set<string>>();
  for (let number = first; number < first + cases; number++) {
    const { mutation, kind, end, told, lines } = await caseOf(number);
    ends.set(end, (ends.get(end) ?? 0) + 1);
    reached.set(mutation.name, (reached.get(mutation.name) ?? new Set()).add(end));
    const may = (mutation.ends as readonly string[]).includes(end);
    if (!may || !told)
      faults.push(
        `case ${number}, ${mutation.name} (${kind}): ${end}${may ? ", but of something else" : ""}: ${lines.join(" | ")}`,
      );
  }
  console.log(cases, "cases:", Object.fromEntries(ends));
  expect(faults).toEqual([]);
  if (cases < 4 * mutations.length) return;
  const missed = mutations.flatMap(({ name, ends: all }) =>
    all.filter((end) => !reached.get(name)?.has(end)).map((end) => `${name}: never ${end}`),
  );
  expect(missed).toEqual([]);
}, 600_000);
